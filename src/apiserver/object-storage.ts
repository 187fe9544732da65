// Behaviour: k8s.io/apiserver/pkg/storage: typed objects over the key-value store.
import { cloneDecoded } from "../api/decode.ts";
import { formatApiVersion, type KubernetesObject, type UnstructuredObject } from "../api/object.ts";
import type { Entry, Store, StoredValue } from "../store/store.ts";
import type { Resource } from "./resource.ts";

/** Which store's resource holds the objects of `resource`. */
function storedResource(resource: Pick<Resource, "group" | "resource" | "storedAs">): { group: string; resource: string } {
  return resource.storedAs ?? resource;
}

/** The prefix of a resource's keys, in one namespace or ("") in all. */
export function keyPrefix(resource: Pick<Resource, "group" | "resource" | "storedAs">, namespace: string): string {
  const stored = storedResource(resource);
  return namespace === "" ? `/${stored.group}/${stored.resource}/` : `/${stored.group}/${stored.resource}/${namespace}/`;
}

/** One object's key; `namespace` is "" for cluster-scoped resources. */
export function objectKey(resource: Pick<Resource, "group" | "resource" | "storedAs">, namespace: string, name: string): string {
  const stored = storedResource(resource);
  return `/${stored.group}/${stored.resource}/${namespace}/${name}`;
}

/** An entry's object in the resource's own version, not to be mutated. */
export function sharedObject(resource: Resource, entry: Entry): KubernetesObject {
  const value = entry.value as unknown as KubernetesObject;
  return resource.storedAs === undefined ? value : converted(resource, entry, value);
}

/** An entry's object in the resource's own version, the caller's own. */
export function ownObject(resource: Resource, entry: Entry): UnstructuredObject {
  if (resource.storedAs?.convert !== undefined) return cloneDecoded(sharedObject(resource, entry)) as UnstructuredObject;
  const value = JSON.parse(entry.text) as UnstructuredObject;
  return (resource.storedAs === undefined ? value : resource.storedAs.fromStored(value)) as UnstructuredObject;
}

/** An entry's object as JSON in the resource's own version. */
export function objectText(resource: Resource, entry: Entry): string {
  return resource.storedAs === undefined ? entry.text : JSON.stringify(sharedObject(resource, entry));
}

const conversions = new WeakMap<Entry, Map<Resource, KubernetesObject>>();

function converted(resource: Resource, entry: Entry, value: KubernetesObject): KubernetesObject {
  let versions = conversions.get(entry);
  if (versions === undefined) conversions.set(entry, (versions = new Map()));
  let object = versions.get(resource);
  if (object === undefined) {
    object = resource.storedAs?.fromStored(cloneDecoded(value)) ?? value;
    versions.set(resource, object);
  }
  return object;
}

/** Has the objects of entries converted that only another server can convert; to be awaited before they are looked at. */
export async function convertEntries(resource: Resource, entries: readonly Entry[]): Promise<void> {
  const convert = resource.storedAs?.convert;
  if (convert === undefined) return;
  const apiVersion = formatApiVersion(resource);
  const valueOf = (entry: Entry) => entry.value as unknown as KubernetesObject & { apiVersion?: string };
  const foreign = entries.filter((entry) => valueOf(entry).apiVersion !== apiVersion && conversions.get(entry)?.has(resource) !== true);
  const made = await convert(foreign.map(valueOf), apiVersion);
  for (const [index, entry] of foreign.entries()) {
    const object = made[index];
    if (object !== undefined) conversions.set(entry, (conversions.get(entry) ?? new Map<Resource, KubernetesObject>()).set(resource, object));
  }
}

/** The value to store for an object, with the revision that writes it as its resourceVersion. */
export async function encodeObject(resource: Resource, object: KubernetesObject): Promise<(revision: number) => StoredValue> {
  const { kind, apiVersion, metadata, ...rest } = (await storedForm(resource, object)) as UnstructuredObject;
  return (revision) => ({ kind, apiVersion, metadata: withResourceVersion(metadata, String(revision)), ...rest });
}

async function storedForm({ storedAs, version }: Resource, object: KubernetesObject): Promise<KubernetesObject> {
  if (storedAs === undefined) return object;
  if (storedAs.convert === undefined || storedAs.version === version) return storedAs.toStored(cloneDecoded(object));
  const [stored = object] = await storedAs.convert([object], formatApiVersion(storedAs));
  return stored;
}

/** Orders the fields that the server sets the way Kubernetes prints them. */
function withResourceVersion(metadata: KubernetesObject["metadata"], resourceVersion: string): KubernetesObject["metadata"] {
  const { name, generateName, namespace, selfLink: _selfLink, uid, generation, creationTimestamp, resourceVersion: _old, ...rest } = metadata;
  return {
    name,
    ...(generateName !== undefined && generateName !== "" && { generateName }),
    ...(namespace !== undefined && namespace !== "" && { namespace }),
    uid,
    resourceVersion,
    ...(generation !== undefined && generation !== 0 && { generation }),
    creationTimestamp,
    ...rest,
  };
}

/** Reads objects for the functions of resource records. */
export function lookup(store: Store, of: { group: string; resource: string }, namespace: string, name: string): KubernetesObject | undefined {
  return store.get(objectKey(of, namespace, name))?.value as unknown as KubernetesObject | undefined;
}

/** Lists objects for the functions of resource records. */
export function lookupAll(store: Store, of: { group: string; resource: string }, namespace: string): readonly KubernetesObject[] {
  return store.list(keyPrefix(of, namespace)).entries.map((entry) => entry.value as unknown as KubernetesObject);
}
