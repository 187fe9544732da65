// Behaviour: k8s.io/client-go/rest and k8s.io/client-go/gentype: typed verbs over a transport.
import type { KubernetesList, KubernetesObject } from "../api/object.ts";
import { formatApiVersion } from "../api/object.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import type { ApiClient, DeleteOptions, ListOptions, PatchType, ResourceClient, WatchEvent, WatchOptions, WriteOptions } from "./client.ts";
import { type Query, resourcePath, withQuery } from "./resource-path.ts";
import { statusErrorOf } from "./status-response.ts";
import type { ApiRequest, Transport } from "./transport.ts";
import { watchEvents } from "./watch-stream.ts";

/** The client over any transport. */
export function createApiClient(transport: Transport): ApiClient {
  return {
    transport,
    resource: (ref, namespace = "") => new RestResourceClient(transport, ref, namespace),
  };
}

/** Sends one request to a path of any kind and returns the decoded body; throws a StatusError when the server refuses. */
export async function requestBody<R = unknown>(transport: Transport, request: ApiRequest, signal?: AbortSignal): Promise<R> {
  const response = await transport.request(request, signal);
  if (response.status >= 400) throw statusErrorOf(response.status, response.body, request.method, undefined, response.headers["retry-after"]);
  return response.body as R;
}

class RestResourceClient<T extends KubernetesObject> implements ResourceClient<T> {
  private readonly transport: Transport;
  private readonly ref: ResourceRef<T>;
  private readonly namespace: string;

  constructor(transport: Transport, ref: ResourceRef<T>, namespace: string) {
    this.transport = transport;
    this.ref = ref;
    this.namespace = namespace;
  }

  get(name: string): Promise<T> {
    return this.send("GET", {}, undefined, name);
  }

  async list(options: ListOptions = {}): Promise<KubernetesList<T>> {
    const list = await this.send<KubernetesList<T>>("GET", { ...options });
    const type = { apiVersion: formatApiVersion(this.ref), kind: this.ref.kind };
    return { ...list, items: (list.items ?? []).map((item) => (item.kind === undefined ? { ...item, ...type } : item)) };
  }

  watch(options: WatchOptions = {}, signal?: AbortSignal): AsyncIterable<WatchEvent<T>> {
    const path = withQuery(resourcePath(this.ref, this.namespace), { ...options, watch: true });
    return watchEvents<T>(this.transport, { method: "GET", path }, this.ref, signal);
  }

  create(object: T, options?: WriteOptions): Promise<T> {
    return this.send("POST", writeQuery(options), object);
  }

  update(object: T, options?: WriteOptions): Promise<T> {
    return this.send("PUT", writeQuery(options), object, nameOf(object));
  }

  updateStatus(object: T, options?: WriteOptions): Promise<T> {
    return this.send("PUT", writeQuery(options), object, nameOf(object), "status");
  }

  patch(name: string, type: PatchType, patch: unknown, options: WriteOptions & { subresource?: string; force?: boolean } = {}): Promise<T> {
    const body = typeof patch === "string" ? patch : JSON.stringify(patch);
    return this.send("PATCH", { ...writeQuery(options), force: options.force }, body, name, options.subresource, type);
  }

  async delete(name: string, options?: DeleteOptions): Promise<void> {
    await this.send("DELETE", {}, deleteBody(options), name);
  }

  async deleteCollection(options: ListOptions = {}, deletion?: DeleteOptions): Promise<void> {
    await this.send("DELETE", { ...options }, deleteBody(deletion));
  }

  createSubresource<R>(name: string, subresource: string, body: object, options?: WriteOptions): Promise<R> {
    return this.send("POST", writeQuery(options), body, name, subresource);
  }

  getSubresource<R>(name: string, subresource: string): Promise<R> {
    return this.send("GET", {}, undefined, name, subresource);
  }

  updateSubresource<R>(name: string, subresource: string, body: object, options?: WriteOptions): Promise<R> {
    return this.send("PUT", writeQuery(options), body, name, subresource);
  }

  private async send<R = T>(method: ApiRequest["method"], query: Query, body?: object | string, name?: string, subresource?: string, type?: string): Promise<R> {
    const path = withQuery(resourcePath(this.ref, this.namespace, name, subresource), query);
    const headers = type === undefined ? undefined : { "content-type": type };
    const response = await this.transport.request({ method, path, headers, body });
    if (response.status < 400) return response.body as R;
    throw statusErrorOf(response.status, response.body, method, { ...this.ref, name }, response.headers["retry-after"]);
  }
}

function nameOf(object: KubernetesObject): string {
  const { name } = object.metadata;
  if (name === undefined || name === "") throw new TypeError("resource name may not be empty");
  return name;
}

function writeQuery({ fieldManager, fieldValidation, dryRun }: WriteOptions = {}): Query {
  return { dryRun: dryRun === true ? "All" : undefined, fieldManager, fieldValidation };
}

function deleteBody(options: DeleteOptions | undefined): object | undefined {
  if (options === undefined) return undefined;
  const { dryRun, ...rest } = options;
  return { kind: "DeleteOptions", apiVersion: "v1", ...rest, ...(dryRun === true && { dryRun: ["All"] }) };
}
