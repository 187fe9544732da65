// Behaviour: k8s.io/cli-runtime/pkg/resource/helper.go: the requests that change objects, and whose words their failures get.
import { StatusError } from "../api/errors.ts";
import type { UnstructuredObject } from "../api/object.ts";
import type { PatchType } from "../client/client.ts";
import { withQuery } from "../client/resource-path.ts";
import { requestBody } from "../client/rest-client.ts";
import type { Transport } from "../client/transport.ts";
import { CommandError, messageOf } from "./errors.ts";
import type { DryRun } from "./flag-groups.ts";
import { type ResourceMapping, objectPath } from "./rest-mapper.ts";

/** How objects are written. */
export interface WriterOptions {
  readonly dryRun?: DryRun;
  readonly fieldManager?: string;
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
}

/** Which object is written. */
export interface WriteTarget {
  readonly mapping: ResourceMapping;
  readonly namespace: string;
  readonly name: string;
}

/** The body of a delete. */
export interface DeleteBody {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground";
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** Creates, patches, replaces and deletes objects of any kind. Failures are StatusErrors. */
export class ObjectWriter {
  private readonly transport: Transport;
  private readonly options: WriterOptions;

  constructor(transport: Transport, options: WriterOptions = {}) {
    this.transport = transport;
    this.options = options;
  }

  /** The same writer under another field manager. */
  as(fieldManager: string): ObjectWriter {
    return new ObjectWriter(this.transport, { ...this.options, fieldManager });
  }

  /** Creates an object; a resource version that it may carry is left out. */
  create({ mapping, namespace }: Pick<WriteTarget, "mapping" | "namespace">, object: UnstructuredObject): Promise<UnstructuredObject> {
    const { resourceVersion: _, ...metadata } = object.metadata;
    return this.send("POST", objectPath(mapping, namespace), { ...object, metadata });
  }

  /** Patches an object; `patch` is an object or JSON text. */
  patch({ mapping, namespace, name }: WriteTarget, type: PatchType, patch: unknown, options: { force?: boolean; subresource?: string } = {}): Promise<UnstructuredObject> {
    const body = typeof patch === "string" ? patch : JSON.stringify(patch);
    return this.send("PATCH", objectPath(mapping, namespace, name, options.subresource), body, type, options.force);
  }

  /** Replaces an object; one without a resource version replaces whatever is there. */
  async replace({ mapping, namespace, name }: WriteTarget, object: UnstructuredObject, subresource?: string): Promise<UnstructuredObject> {
    const path = objectPath(mapping, namespace, name, subresource);
    if ((object.metadata.resourceVersion ?? "") !== "") return this.send("PUT", path, object);
    const current = await this.transport.request({ method: "GET", path });
    // Where it cannot be read, the write says why.
    const { resourceVersion } = current.status === 200 ? (current.body as UnstructuredObject).metadata : {};
    return this.send("PUT", path, resourceVersion === undefined ? object : { ...object, metadata: { ...object.metadata, resourceVersion } });
  }

  /** Deletes an object; resolves with what the server says: a Status, or the object that is going. */
  delete({ mapping, namespace, name }: WriteTarget, body: DeleteBody = {}): Promise<UnstructuredObject> {
    const dryRun = this.options.dryRun === "server" ? { dryRun: ["All"] } : {};
    const request = { method: "DELETE", path: objectPath(mapping, namespace, name), body: { kind: "DeleteOptions", apiVersion: "v1", ...body, ...dryRun } } as const;
    return requestBody(this.transport, request);
  }

  private send(method: "POST" | "PUT" | "PATCH", path: string, body: object | string, type?: string, force?: boolean): Promise<UnstructuredObject> {
    const { dryRun, fieldManager, fieldValidation } = this.options;
    const query = { dryRun: dryRun === "server" ? "All" : undefined, fieldManager, fieldValidation, force };
    return requestBody(this.transport, { method, path: withQuery(path, query), body, ...(type !== undefined && { headers: { "content-type": type } }) });
  }
}

/** A failure with what was done, and to the object of which file (cmdutil.AddSourceToErr). */
export function withSource(verb: string, source: string, error: unknown): unknown {
  if (source === "") return error;
  const start = `error when ${verb} ${JSON.stringify(source).replaceAll("\\\\", "\\")}: `;
  if (error instanceof StatusError) return new StatusError({ ...error.status, message: `${start}${error.status.message ?? ""}` });
  if (error instanceof CommandError || error instanceof Error) return new CommandError(`${start}${messageOf(error)}`);
  return error;
}
