// Behaviour: k8s.io/apiextensions-apiserver/pkg/controller/finalizer: a definition takes its instances with it.
import type { CustomResourceDefinition } from "../../api/generated/types/apiextensions/v1.ts";
import type { ResourceRef } from "../../api/resource-refs.ts";
import type { ApiClient } from "../../client/client.ts";
import { orGone } from "../not-found.ts";

/** Deletes the instances of a definition; resolves with how many are still there. */
export async function deleteInstances(client: ApiClient, { spec, status }: CustomResourceDefinition): Promise<number> {
  const served = spec.versions.find((version) => version.served && version.storage) ?? spec.versions.find((version) => version.served);
  if (served === undefined) return 0;
  const ref: ResourceRef = { group: spec.group, version: served.name, resource: status.acceptedNames.plural, kind: status.acceptedNames.kind, namespaced: spec.scope === "Namespaced" };
  const before = await orGone(client.resource(ref).list());
  if (before === undefined || before.items.length === 0) return 0;
  const namespaces = ref.namespaced ? [...new Set(before.items.map(({ metadata }) => metadata.namespace ?? ""))] : [""];
  await Promise.all(namespaces.map((namespace) => client.resource(ref, namespace).deleteCollection()));
  return (await client.resource(ref).list()).items.length;
}
