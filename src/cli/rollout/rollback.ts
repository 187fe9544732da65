// Behaviour: k8s.io/kubectl/pkg/polymorphichelpers/rollback.go: brings a workload back to an earlier revision.
import type { DaemonSet, Deployment, StatefulSet } from "../../api/generated/types/apps/v1.ts";
import type { PodTemplateSpec } from "../../api/generated/types/core/v1.ts";
import { jsonEquals } from "../../api/patch/json-value.ts";
import { LAST_APPLIED_ANNOTATION } from "../../api/patch/last-applied.ts";
import { CommandError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import type { DryRun } from "../flag-groups.ts";
import { ObjectWriter } from "../object-writer.ts";
import type { ResourceInfo } from "../resource-query.ts";
import { type Revision, revisionsOf, templateText } from "./history.ts";
import { groupKindOf } from "./rollout-query.ts";

const HASH_LABEL = "pod-template-hash";
/** Annotations that stay the deployment's own. */
const KEPT_ANNOTATIONS: readonly string[] = [
  LAST_APPLIED_ANNOTATION,
  "deployment.kubernetes.io/revision",
  "deployment.kubernetes.io/revision-history",
  "deployment.kubernetes.io/desired-replicas",
  "deployment.kubernetes.io/max-replicas",
  "deprecated.deployment.rollback.to",
];

/** Rolls a workload back to a revision, 0 for the one before; resolves with what is said of it. */
export async function rollback(factory: Factory, info: ResourceInfo, revision: number, dryRun: DryRun): Promise<string> {
  const { group, kind } = info.mapping;
  if (group !== "apps" || !["Deployment", "DaemonSet", "StatefulSet"].includes(kind)) {
    throw new CommandError(`no rollbacker has been implemented for ${JSON.stringify(groupKindOf(info))}`);
  }
  if (revision < 0) throw notInHistory(revision);
  const revisions = await revisionsOf(await factory.client(), info);
  return kind === "Deployment" ? rollbackDeployment(factory, info, revisions, revision, dryRun) : rollbackRevision(factory, info, revisions, revision, dryRun);
}

function notInHistory(revision: number): CommandError {
  return new CommandError(`unable to find specified revision ${revision} in history`);
}

const skipped = (revision: number) => `skipped rollback (current template already matches revision ${revision})`;

async function rollbackDeployment(factory: Factory, info: ResourceInfo, revisions: readonly Revision[], revision: number, dryRun: DryRun): Promise<string> {
  const { metadata, spec } = info.object as unknown as Deployment;
  const target = deploymentTarget(info.name, revisions, revision);
  if (dryRun === "client") return templateText(ownTemplate(target), factory.io.clock);
  if (spec.paused === true) throw new CommandError("you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again");
  const template = withoutHash(ownTemplate(target));
  if (jsonEquals(template, withoutHash(spec.template))) return skipped(revision);
  const annotations: Record<string, string> = {};
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) if (KEPT_ANNOTATIONS.includes(key)) annotations[key] = value;
  for (const [key, value] of Object.entries(target.object.metadata.annotations ?? {})) if (!KEPT_ANNOTATIONS.includes(key)) annotations[key] = value;
  const patch = [
    { op: "replace", path: "/spec/template", value: template },
    { op: "replace", path: "/metadata/annotations", value: annotations },
  ];
  await restore(factory, info, "application/json-patch+json", patch, revision, dryRun);
  return "rolled back";
}

/** The revision's template as the replica set has it: without the change cause that history adds. */
function ownTemplate({ object }: Revision): PodTemplateSpec {
  return (object as Deployment).spec.template;
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

function deploymentTarget(name: string, revisions: readonly Revision[], number: number): Revision {
  if (number > 0) {
    const found = revisions.find((revision) => revision.number === number);
    if (found === undefined) throw notInHistory(number);
    return found;
  }
  const [, previous] = [...revisions].sort((a, b) => b.number - a.number);
  if (previous === undefined) throw new CommandError(`no rollout history found for deployment ${JSON.stringify(name)}`);
  return previous;
}

async function rollbackRevision(factory: Factory, info: ResourceInfo, revisions: readonly Revision[], number: number, dryRun: DryRun): Promise<string> {
  if (number === 0 && revisions.length <= 1) throw new CommandError("no last revision to roll back to");
  const ordered = [...revisions].sort((a, b) => a.number - b.number);
  const target = number === 0 ? ordered.at(-2) : revisions.find((revision) => revision.number === number);
  if (target === undefined) throw notInHistory(number);
  if (dryRun === "client") return `will roll back to ${await templateText(target.template, factory.io.clock)}`;
  const { spec } = info.object as unknown as DaemonSet | StatefulSet;
  if (jsonEquals({ spec: { template: { ...spec.template, $patch: "replace" } } }, target.patch)) return skipped(number);
  await restore(factory, info, "application/strategic-merge-patch+json", target.patch ?? {}, number, dryRun);
  return "rolled back";
}

async function restore(
  factory: Factory,
  info: ResourceInfo,
  type: "application/json-patch+json" | "application/strategic-merge-patch+json",
  patch: object,
  revision: number,
  dryRun: DryRun,
): Promise<void> {
  try {
    await new ObjectWriter(await factory.transport(), { dryRun }).patch(info, type, patch);
  } catch (error) {
    throw new CommandError(`failed restoring revision ${revision}: ${messageOf(error)}`);
  }
}
