// Behaviour: k8s.io/kubectl/pkg/cmd/apply/prune.go and pkg/util/prune: deletes what was applied once and is not in the files any more.
import type { UnstructuredObject } from "../../api/object.ts";
import { lastAppliedAnnotation } from "../../api/patch/last-applied.ts";
import { CommandError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import type { DryRun } from "../flag-groups.ts";
import { type DeleteBody, ObjectWriter } from "../object-writer.ts";
import { type ResourceMapping, type RestMapper, unstructuredRef } from "../rest-mapper.ts";

/** The kinds that are pruned unless an allow list says otherwise: namespaced ones, then the others. */
const DEFAULT_KINDS: readonly string[] = [
  "core/v1/ConfigMap",
  "core/v1/Endpoints",
  "core/v1/PersistentVolumeClaim",
  "core/v1/Pod",
  "core/v1/ReplicationController",
  "core/v1/Secret",
  "core/v1/Service",
  "batch/v1/Job",
  "batch/v1/CronJob",
  "networking.k8s.io/v1/Ingress",
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/ReplicaSet",
  "apps/v1/StatefulSet",
  "core/v1/Namespace",
  "core/v1/PersistentVolume",
];

/** What is pruned. */
export interface PruneRequest {
  readonly factory: Factory;
  readonly mappings: readonly ResourceMapping[];
  readonly labelSelector: string;
  readonly namespaces: ReadonlySet<string>;
  /** The UIDs of what was applied. */
  readonly kept: ReadonlySet<string>;
  readonly dryRun: DryRun;
  readonly deletion: DeleteBody;
  report(object: UnstructuredObject): Promise<void>;
}

/** The resources of --prune-allowlist: "core/v1/Pod", "apps/v1/Deployment". Throws CommandErrors. */
export async function readAllowList(mapper: RestMapper, words: readonly string[]): Promise<ResourceMapping[]> {
  const mappings: ResourceMapping[] = [];
  for (const word of words) {
    const parts = word.split("/");
    const [group = "", version = "", kind = ""] = parts;
    if (parts.length !== 3) throw new CommandError(`invalid GroupVersionKind format: ${word}, please follow <group/version/kind>`);
    mappings.push(await mapper.kind({ group: group === "core" ? "" : group, version, kind }));
  }
  return mappings;
}

/** The resources that are pruned without an allow list. */
export async function defaultPruneMappings(mapper: RestMapper): Promise<ResourceMapping[]> {
  try {
    return await readAllowList(mapper, DEFAULT_KINDS);
  } catch (error) {
    throw new CommandError(`error retrieving RESTMappings to prune: ${messageOf(error)}`);
  }
}

/** Deletes what has the annotation of apply, is selected, and was not applied this time. */
export async function prune(request: PruneRequest): Promise<void> {
  for (const namespace of request.namespaces) {
    for (const mapping of request.mappings) if (mapping.namespaced) await pruneMapping(request, mapping, namespace);
  }
  for (const mapping of request.mappings) if (!mapping.namespaced) await pruneMapping(request, mapping, "");
}

async function pruneMapping(request: PruneRequest, mapping: ResourceMapping, namespace: string): Promise<void> {
  const { factory, dryRun, kept } = request;
  const client = (await factory.client()).resource(unstructuredRef(mapping), namespace);
  const writer = new ObjectWriter(await factory.transport(), { dryRun });
  try {
    for (const object of (await client.list({ labelSelector: request.labelSelector })).items) {
      if (lastAppliedAnnotation(object) === undefined || kept.has(object.metadata.uid ?? "")) continue;
      const name = object.metadata.name ?? "";
      if (dryRun !== "client") await writer.delete({ mapping, namespace, name }, request.deletion);
      await request.report(object);
    }
  } catch (error) {
    const what = `${mapping.group}/${mapping.version}, Kind=${mapping.kind}`;
    throw new CommandError(`error pruning ${mapping.namespaced ? "namespaced" : "nonNamespaced"} object ${what}: ${messageOf(error)}`);
  }
}
