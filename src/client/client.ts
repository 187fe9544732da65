// The typed client that every component uses: controllers, scheduler, kubelet, network, CLI.
import type { KubernetesList, KubernetesObject } from "../api/object.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import type { Transport } from "./transport.ts";

/** Options of a list or watch; the query parameters of the same names. */
export interface ListOptions {
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  resourceVersion?: string;
  resourceVersionMatch?: "Exact" | "NotOlderThan";
}

/** Options of a watch. */
export interface WatchOptions extends ListOptions {
  allowWatchBookmarks?: boolean;
  sendInitialEvents?: boolean;
  timeoutSeconds?: number;
}

/** Options of a write. */
export interface WriteOptions {
  fieldManager?: string;
  fieldValidation?: "Strict" | "Warn" | "Ignore";
  dryRun?: boolean;
}

/** Options of a delete. */
export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: "Orphan" | "Background" | "Foreground";
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: boolean;
}

/** The formats of a patch, by content type. */
export type PatchType =
  | "application/json-patch+json"
  | "application/merge-patch+json"
  | "application/strategic-merge-patch+json"
  | "application/apply-patch+yaml";

/** One event of a watch. */
export interface WatchEvent<T extends KubernetesObject = KubernetesObject> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  object: T;
}

/** The verbs on one resource, in one namespace or (namespace "") in all. Failures are StatusErrors. Objects returned are not to be mutated. */
export interface ResourceClient<T extends KubernetesObject> {
  get(name: string): Promise<T>;
  list(options?: ListOptions): Promise<KubernetesList<T>>;
  /** Yields until the server ends the watch; an ERROR event is thrown as a StatusError (410 Expired: list anew). */
  watch(options?: WatchOptions, signal?: AbortSignal): AsyncIterable<WatchEvent<T>>;
  create(object: T, options?: WriteOptions): Promise<T>;
  update(object: T, options?: WriteOptions): Promise<T>;
  updateStatus(object: T, options?: WriteOptions): Promise<T>;
  patch(name: string, type: PatchType, patch: unknown, options?: WriteOptions & { subresource?: string; force?: boolean }): Promise<T>;
  delete(name: string, options?: DeleteOptions): Promise<void>;
  deleteCollection(options?: ListOptions, deletion?: DeleteOptions): Promise<void>;
  /** POST to a subresource: binding, eviction, token. */
  createSubresource<R>(name: string, subresource: string, body: object, options?: WriteOptions): Promise<R>;
  getSubresource<R>(name: string, subresource: string): Promise<R>;
  updateSubresource<R>(name: string, subresource: string, body: object, options?: WriteOptions): Promise<R>;
}

/** Access to an API server with one identity. */
export interface ApiClient {
  readonly transport: Transport;
  /** The client of one resource; for a cluster-scoped one, leave the namespace out. */
  resource<T extends KubernetesObject>(ref: ResourceRef<T>, namespace?: string): ResourceClient<T>;
}
