// Behaviour: k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go: how far a rollout is, and whether it is done.
import type { DaemonSet, Deployment, StatefulSet } from "../../api/generated/types/apps/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { CommandError } from "../errors.ts";

const REVISION_ANNOTATION = "deployment.kubernetes.io/revision";

/** One look at a rollout. */
export interface RolloutStatus {
  /** A line with its end. */
  readonly message: string;
  readonly done: boolean;
}

/** Looks at an object; `revision` 0 means whatever revision it runs. Throws a CommandError when the rollout failed. */
export type StatusReader = (object: UnstructuredObject, revision: number) => RolloutStatus;

/** The reader for a kind; undefined for kinds that have no rollouts. */
export function statusReader(group: string, kind: string): StatusReader | undefined {
  if (group !== "apps") return undefined;
  if (kind === "Deployment") return (object, revision) => deploymentStatus(object as unknown as Deployment, revision);
  if (kind === "DaemonSet") return (object) => daemonSetStatus(object as unknown as DaemonSet);
  if (kind === "StatefulSet") return (object) => statefulSetStatus(object as unknown as StatefulSet);
  return undefined;
}

const waiting = (message: string): RolloutStatus => ({ message: `${message}\n`, done: false });
const finished = (message: string): RolloutStatus => ({ message: `${message}\n`, done: true });

function deploymentStatus({ metadata, spec, status = {} }: Deployment, revision: number): RolloutStatus {
  const name = JSON.stringify(metadata.name);
  if (revision > 0) {
    const running = Number(metadata.annotations?.[REVISION_ANNOTATION] ?? 0);
    if (revision !== running) throw new CommandError(`desired revision (${revision}) is different from the running revision (${running})`);
  }
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) return waiting("Waiting for deployment spec update to be observed...");
  const progressing = status.conditions?.find(({ type }) => type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") throw new CommandError(`deployment ${name} exceeded its progress deadline`);
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const start = `Waiting for deployment ${name} rollout to finish: `;
  if (spec.replicas !== undefined && updatedReplicas < spec.replicas) {
    return waiting(`${start}${updatedReplicas} out of ${spec.replicas} new replicas have been updated...`);
  }
  if (replicas > updatedReplicas) return waiting(`${start}${replicas - updatedReplicas} old replicas are pending termination...`);
  if (availableReplicas < updatedReplicas) return waiting(`${start}${availableReplicas} of ${updatedReplicas} updated replicas are available...`);
  return finished(`deployment ${name} successfully rolled out`);
}

function daemonSetStatus({ metadata, spec, status }: DaemonSet): RolloutStatus {
  if (spec.updateStrategy?.type !== "RollingUpdate") throw new CommandError("rollout status is only available for RollingUpdate strategy type");
  const name = JSON.stringify(metadata.name);
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) return waiting("Waiting for daemon set spec update to be observed...");
  const { updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0 } = status ?? {};
  const start = `Waiting for daemon set ${name} rollout to finish: `;
  if (updatedNumberScheduled < desiredNumberScheduled) {
    return waiting(`${start}${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...`);
  }
  if (numberAvailable < desiredNumberScheduled) return waiting(`${start}${numberAvailable} of ${desiredNumberScheduled} updated pods are available...`);
  return finished(`daemon set ${name} successfully rolled out`);
}

function statefulSetStatus({ metadata, spec, status }: StatefulSet): RolloutStatus {
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (type !== "RollingUpdate") throw new CommandError("rollout status is only available for RollingUpdate strategy type");
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0, updateRevision = "", currentRevision = "" } = status ?? {};
  if (observedGeneration === 0 || (metadata.generation ?? 0) > observedGeneration) return waiting("Waiting for statefulset spec update to be observed...");
  const { replicas } = spec;
  if (replicas !== undefined && readyReplicas < replicas) return waiting(`Waiting for ${replicas - readyReplicas} pods to be ready...`);
  if (rollingUpdate !== undefined) {
    const { partition } = rollingUpdate;
    if (replicas !== undefined && partition !== undefined && updatedReplicas < replicas - partition) {
      return waiting(`Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${replicas - partition} new pods have been updated...`);
    }
    return finished(`partitioned roll out complete: ${updatedReplicas} new pods have been updated...`);
  }
  if (updateRevision !== currentRevision) {
    return waiting(`waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...`);
  }
  return finished(`statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...`);
}
