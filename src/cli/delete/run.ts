// Behaviour: k8s.io/kubectl/pkg/cmd/delete/delete.go (DeleteResult): deletes what was found, and waits until it is gone.
import { hasReason, isForbidden, isNotFound } from "../../api/errors.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { ErrorList } from "../errors.ts";
import type { Factory } from "../factory.ts";
import type { DryRun } from "../flag-groups.ts";
import { type DeleteBody, ObjectWriter, withSource } from "../object-writer.ts";
import type { ResourceInfo, ResourceResult } from "../resource-query.ts";
import { waitForDeletion } from "../waiting.ts";
import { deleteBody } from "./delete-flags.ts";
import { printWarning } from "../warning-printer.ts";

const WEEK_MS = 168 * 3_600_000;

/** How objects are deleted, and what is said of it. */
export interface DeleteRequest {
  readonly factory: Factory;
  readonly propagationPolicy: NonNullable<DeleteBody["propagationPolicy"]>;
  readonly gracePeriod: number;
  readonly dryRun: DryRun;
  readonly ignoreNotFound: boolean;
  readonly wait: boolean;
  readonly timeoutMs: number;
  readonly output: string;
  readonly quiet?: boolean;
  /** Warns of cluster-scoped objects: --namespace was given. */
  readonly warnClusterScope: boolean;
  /** The only objects that may be deleted, by `locationOf`. */
  readonly confirmed?: ReadonlySet<string>;
}

/** Deletes every object of the result; resolves with how many there were. */
export async function deleteResult(request: DeleteRequest, result: ResourceResult): Promise<number> {
  const { factory, dryRun, confirmed } = request;
  const { io } = factory;
  const writer = new ObjectWriter(await factory.transport(), { dryRun });
  const deleted: { info: ResourceInfo; uid: string | undefined }[] = [];
  let { warnClusterScope } = request;
  let found = 0;
  await ignoring(request.ignoreNotFound, () =>
    result.visit(async (info) => {
      if (confirmed !== undefined && !confirmed.has(locationOf(info))) return;
      found += 1;
      if (warnClusterScope && !info.mapping.namespaced) {
        printWarning(factory.io, "deleting cluster-scoped resources, not scoped to the provided namespace");
        warnClusterScope = false;
      }
      if (dryRun === "client") {
        if (request.quiet !== true) io.out(deletedLine(info, request));
        return;
      }
      const answer = await writer.delete(info, deleteBody(request.gracePeriod, request.propagationPolicy)).catch((error: unknown) => {
        throw withSource("deleting", info.source, error);
      });
      if (request.quiet !== true) io.out(deletedLine(info, request));
      deleted.push({ info, uid: uidOf(answer) });
    }),
  );
  if (found === 0) io.out("No resources found\n");
  else if (request.wait && dryRun === "none") await waitForAll(request, deleted);
  return found;
}

/** Runs a visit; with `ignore` the errors of missing objects do not count. */
export async function ignoring(ignore: boolean, visit: () => Promise<void>): Promise<void> {
  try {
    await visit();
  } catch (error) {
    if (!ignore) throw error;
    const rest = (error instanceof ErrorList ? error.errors : [error]).filter((one) => !isNotFound(one));
    if (rest.length > 0) throw new ErrorList(rest);
  }
}

/** What tells one object from all others. */
export function locationOf({ mapping, namespace, name }: ResourceInfo): string {
  return `${mapping.group}/${mapping.resource}/${namespace}/${name}`;
}

/** "deployment.apps" or "pod": a kind as messages name it. */
export function kindOf({ mapping: { kind, group } }: ResourceInfo): string {
  return group === "" ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

function deletedLine(info: ResourceInfo, { gracePeriod, dryRun, output }: DeleteRequest): string {
  if (output === "name") return `${kindOf(info)}/${info.name}\n`;
  const operation = gracePeriod === 0 ? "force deleted" : "deleted";
  const place = info.mapping.namespaced ? ` from ${info.namespace} namespace` : "";
  const suffix = { none: "", client: " (dry run)", server: " (server dry run)" }[dryRun];
  return `${kindOf(info)} "${info.name}" ${operation}${place}${suffix}\n`;
}

function uidOf(answer: UnstructuredObject): string | undefined {
  const details = answer["details"] as { uid?: string } | undefined;
  return answer.kind === "Status" && details !== undefined ? details.uid : answer.metadata?.uid;
}

async function waitForAll({ factory, timeoutMs }: DeleteRequest, deleted: readonly { info: ResourceInfo; uid: string | undefined }[]): Promise<void> {
  const client = await factory.client();
  const { io } = factory;
  const deadline = io.clock.monotonic() + (timeoutMs === 0 ? WEEK_MS : timeoutMs);
  for (const { info, uid } of deleted) {
    try {
      await waitForDeletion({ client, subject: info, deadline, uid }, io);
    } catch (error) {
      // Whoever may delete but not look, or a resource that cannot be listed: the deletion itself went well.
      if (!isForbidden(error) && !hasReason(error, "MethodNotAllowed")) throw error;
      return;
    }
  }
}
