// Behaviour: k8s.io/client-go/tools/watch (UntilWithSync): waits until an object is as it should be, or is gone.
import type { UnstructuredObject } from "../api/object.ts";
import { isExpired, isNotFound } from "../api/errors.ts";
import type { ApiClient } from "../client/client.ts";
import { CommandError } from "./errors.ts";
import type { IO } from "./io.ts";
import { type ResourceMapping, unstructuredRef } from "./rest-mapper.ts";

/** Which object is waited for. */
export interface WaitSubject {
  readonly mapping: ResourceMapping;
  readonly namespace: string;
  readonly name: string;
}

/** A wait of one object. */
export interface WaitRequest {
  readonly client: ApiClient;
  readonly subject: WaitSubject;
  /** When to give up, on the monotonic clock. */
  readonly deadline: number;
  /** Looks at the object, undefined when it is gone; true ends the wait, what it throws too. */
  check(object: UnstructuredObject | undefined): boolean;
}

/** Why a wait ended without its condition. */
export const TIMED_OUT = "timed out waiting for the condition";

/** Waits until `check` says yes; throws a CommandError after the deadline. Resolves with the object as it was then. */
export async function waitForObject({ client, subject, deadline, check }: WaitRequest, io: IO): Promise<UnstructuredObject | undefined> {
  const { mapping, namespace, name } = subject;
  const resource = client.resource(unstructuredRef(mapping), mapping.namespaced ? namespace : "");
  const fieldSelector = `metadata.name=${name}`;
  const giveUp = new AbortController();
  const cancel = io.clock.setTimer(Math.max(0, deadline - io.clock.monotonic()), () => giveUp.abort());
  const signal = AbortSignal.any([giveUp.signal, io.signal]);
  try {
    while (!signal.aborted) {
      const { items, metadata } = await resource.list({ fieldSelector });
      if (check(items[0])) return items[0];
      try {
        for await (const { type, object } of resource.watch({ fieldSelector, resourceVersion: metadata.resourceVersion }, signal)) {
          const present = type === "DELETED" ? undefined : object;
          if (type !== "BOOKMARK" && check(present)) return present;
        }
      } catch (error) {
        if (!isExpired(error)) throw error;
      }
    }
  } finally {
    cancel();
  }
  throw new CommandError(`${TIMED_OUT} on ${mapping.resource}/${name}`);
}

/** Waits until an object is gone, or another one (by `uid`) has its name. */
export async function waitForDeletion(request: Omit<WaitRequest, "check"> & { readonly uid?: string | undefined }, io: IO): Promise<void> {
  const { uid } = request;
  await waitForObject({ ...request, check: (object) => object === undefined || (uid !== undefined && object.metadata.uid !== uid) }, io);
}

/** The object of that name, undefined when there is none. */
export async function findObject(client: ApiClient, { mapping, namespace, name }: WaitSubject): Promise<UnstructuredObject | undefined> {
  try {
    return await client.resource(unstructuredRef(mapping), mapping.namespaced ? namespace : "").get(name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
