// Behaviour: k8s.io/kubectl/pkg/polymorphichelpers/history.go: the revisions of a workload, from its replica sets or controller revisions.
import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet } from "../../api/generated/types/apps/v1.ts";
import type { PodTemplateSpec } from "../../api/generated/types/core/v1.ts";
import { labelSelector } from "../../api/label-selector.ts";
import type { KubernetesObject } from "../../api/object.ts";
import type { JsonObject } from "../../api/patch/json-value.ts";
import { patchSchemaOf } from "../../api/patch/patch-schema.ts";
import { applyStrategicMergePatch } from "../../api/patch/strategic-merge-patch.ts";
import { replicaSets, type ResourceRef } from "../../api/resource-refs.ts";
import { typeSchema } from "../../api/schema.ts";
import { isControlledBy } from "../../api/owner-references.ts";
import type { ApiClient } from "../../client/client.ts";
import type { Clock } from "../../util/clock.ts";
import { CommandError, messageOf } from "../errors.ts";
import type { ResourceInfo } from "../resource-query.ts";
import { CHANGE_CAUSE } from "./change-cause.ts";

const REVISION_ANNOTATION = "deployment.kubernetes.io/revision";

const controllerRevisions: ResourceRef<ControllerRevision> = { group: "apps", version: "v1", resource: "controllerrevisions", kind: "ControllerRevision", namespaced: true };

/** One revision of a workload. */
export interface Revision {
  readonly number: number;
  readonly changeCause: string;
  /** The replica set, or the workload as it was. */
  readonly object: KubernetesObject;
  readonly template: PodTemplateSpec;
  /** The controller revision's patch, for daemon sets and stateful sets. */
  readonly patch?: JsonObject;
}

/** The revisions of a Deployment, DaemonSet or StatefulSet in the order in which the server lists them. */
export async function revisionsOf(client: ApiClient, { mapping, object, namespace, name }: ResourceInfo): Promise<Revision[]> {
  if (mapping.kind === "Deployment") return deploymentRevisions(client, object as unknown as Deployment);
  const workload = object as unknown as DaemonSet | StatefulSet;
  const selector = labelSelector(workload.spec.selector).toString();
  try {
    const { items } = await client.resource(controllerRevisions, namespace).list({ labelSelector: selector });
    return items.filter((item) => isControlledBy(item.metadata, workload.metadata)).map((item) => revisionOf(workload, item));
  } catch (error) {
    throw new CommandError(`unable to find history controlled by ${mapping.kind} ${name}: ${messageOf(error)}`);
  }
}

/** The replica sets of a deployment, each a revision; of several with one number the last counts. */
async function deploymentRevisions(client: ApiClient, deployment: Deployment): Promise<Revision[]> {
  const { namespace, name } = deployment.metadata;
  let items: ReplicaSet[];
  try {
    ({ items } = await client.resource(replicaSets, namespace).list({ labelSelector: labelSelector(deployment.spec.selector).toString() }));
  } catch (error) {
    throw new CommandError(`failed to retrieve replica sets from deployment ${name}: ${messageOf(error)}`);
  }
  return items
    .filter((item) => isControlledBy(item.metadata, deployment.metadata))
    .map((item) => {
      const changeCause = item.metadata.annotations?.[CHANGE_CAUSE] ?? "";
      const own = item.spec.template ?? { spec: { containers: [] } };
      const template = changeCause === "" ? own : withChangeCause(own, changeCause);
      return { number: Number(item.metadata.annotations?.[REVISION_ANNOTATION] ?? 0), changeCause, object: item, template };
    });
}

function withChangeCause(template: PodTemplateSpec, changeCause: string): PodTemplateSpec {
  return { ...template, metadata: { ...template.metadata, annotations: { ...template.metadata?.annotations, [CHANGE_CAUSE]: changeCause } } };
}

function revisionOf(workload: DaemonSet | StatefulSet, revision: ControllerRevision): Revision {
  const patch = revision.data as JsonObject;
  const type = typeSchema(`apps.v1.${workload.kind}`);
  if (type === undefined) throw new CommandError(`unable to parse history ${revision.metadata.name}`);
  const object = applyStrategicMergePatch(workload as unknown as JsonObject, patch, patchSchemaOf(type)) as unknown as DaemonSet | StatefulSet;
  return { number: revision.revision, changeCause: revision.metadata.annotations?.[CHANGE_CAUSE] ?? "", object, template: object.spec.template, patch };
}

/** A pod template as `describe` shows it, its columns apart by tabs. */
export async function templateText(template: PodTemplateSpec, clock: Clock): Promise<string> {
  const [{ Description }, { describePodTemplate }] = await Promise.all([import("../describe/description.ts"), import("../describe/pod.ts")]);
  const text = new Description(clock);
  describePodTemplate(template, text);
  return text.unaligned;
}
