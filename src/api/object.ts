// Behaviour: k8s.io/apimachinery/pkg/apis/meta/v1: what every object of the API has in common.
import type { ListMeta, ObjectMeta } from "./generated/types/meta/v1.ts";

/** Any object of the API, after decoding: apiVersion, kind and metadata are there. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** An object whose kind is known only at run time: built-in or custom, its fields are reached by name. */
export interface UnstructuredObject extends KubernetesObject {
  [field: string]: unknown;
}

/** A list as the API returns it. */
export interface KubernetesList<T extends KubernetesObject = KubernetesObject> {
  apiVersion: string;
  kind: string;
  metadata: ListMeta;
  items: T[];
}

/** Names one version of one resource, e.g. apps, v1, deployments. The core group is "". */
export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** Names one version of one kind, e.g. apps, v1, Deployment. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** "v1" or "apps/v1". */
export function formatApiVersion(of: { readonly group: string; readonly version: string }): string {
  return of.group === "" ? of.version : `${of.group}/${of.version}`;
}

/** Splits "v1" or "apps/v1"; undefined when there is more than one slash. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } | undefined {
  const [first = "", second, ...rest] = apiVersion.split("/");
  if (rest.length > 0) return undefined;
  return second === undefined ? { group: "", version: first } : { group: first, version: second };
}

/** "deployments.apps", or "pods" for the core group: how messages name a resource. */
export function formatGroupResource(of: { readonly group: string; readonly resource: string }): string {
  return of.group === "" ? of.resource : `${of.resource}.${of.group}`;
}
