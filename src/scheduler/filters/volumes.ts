// Behaviour: pkg/scheduler/framework/plugins/volumebinding: a pod goes where its claims can be had.
import type { PersistentVolume, PersistentVolumeClaim, Pod } from "../../api/generated/types/core/v1.ts";
import { isClaimBound, smallestVolume, storageClassOf } from "../../api/volume-matching.ts";
import type { Filter, Snapshot, VolumeLookup } from "../framework.ts";
import { PodRejected, reject } from "../framework.ts";
import { matchesNodeSelectorTerms } from "../node-matching.ts";
import type { NodeState } from "../node-state.ts";

const NAME = "VolumeBinding";
const NO_PROVISIONER = "kubernetes.io/no-provisioner";

/** What a pod's claims need before it can be bound to a node. */
export interface VolumePlan {
  /** Volumes to bind to claims that wait for their first consumer. */
  readonly bindings: readonly { claim: PersistentVolumeClaim; volume: PersistentVolume }[];
  /** Claims whose volume a provisioner makes once it knows the node. */
  readonly provisions: readonly PersistentVolumeClaim[];
}

/** Keeps a pod where its bound volumes are, and where volumes for its waiting claims can be had. */
export const volumeBinding: Filter = {
  name: NAME,
  events: ["NodeAdd", "NodeUpdate", "VolumeChange"],
  prepare({ pod }, snapshot) {
    const claims = podClaims(pod, snapshot.volumes);
    if (claims.length === 0) return undefined;
    const immediate = claims.filter((claim) => !isClaimBound(claim) && !waitsForConsumer(claim, snapshot.volumes));
    if (immediate.length > 0) throw new PodRejected(NAME, "pod has unbound immediate PersistentVolumeClaims");
    return (node) => {
      for (const claim of claims.filter(isClaimBound)) {
        const volume = snapshot.volumes.volume(claim.spec.volumeName ?? "");
        if (volume === undefined) return reject("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)", false);
        if (!reachesNode(volume, node)) return reject("node(s) didn't match PersistentVolume's node affinity", false);
      }
      return planVolumes(claims, node, snapshot) === undefined ? reject("node(s) didn't find available persistent volumes to bind", false) : undefined;
    };
  },
};

/** How the pod's waiting claims get their volumes on the node; undefined when they cannot. */
export function planPodVolumes(pod: Pod, node: NodeState, snapshot: Snapshot): VolumePlan | undefined {
  return planVolumes(podClaims(pod, snapshot.volumes), node, snapshot);
}

function planVolumes(claims: readonly PersistentVolumeClaim[], node: NodeState, { volumes }: Snapshot): VolumePlan | undefined {
  const bindings: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
  const provisions: PersistentVolumeClaim[] = [];
  const taken = new Set<string>();
  for (const claim of claims.filter((claim) => !isClaimBound(claim))) {
    const volume = smallestVolume(claim, volumes.volumes(), (candidate) => !taken.has(candidate.metadata.name ?? "") && reachesNode(candidate, node));
    if (volume !== undefined) {
      taken.add(volume.metadata.name ?? "");
      bindings.push({ claim, volume });
    } else if (canProvision(claim, volumes)) {
      provisions.push(claim);
    } else {
      return undefined;
    }
  }
  return { bindings, provisions };
}

/** The claims that the pod's volumes name; throws PodRejected when one cannot be used. */
export function podClaims(pod: Pod, volumes: VolumeLookup): PersistentVolumeClaim[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const ephemeral = volume.ephemeral !== undefined;
    const name = ephemeral ? `${pod.metadata.name}-${volume.name}` : volume.persistentVolumeClaim?.claimName;
    if (name === undefined) return [];
    const claim = volumes.claim(pod.metadata.namespace ?? "", name);
    if (claim === undefined) {
      const message = ephemeral
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : `persistentvolumeclaim "${name}" not found`;
      throw new PodRejected(NAME, message);
    }
    if (claim.status.phase === "Lost") {
      throw new PodRejected(NAME, `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`);
    }
    if (claim.metadata.deletionTimestamp !== undefined) throw new PodRejected(NAME, `persistentvolumeclaim "${name}" is being deleted`);
    return [claim];
  });
}

function waitsForConsumer(claim: PersistentVolumeClaim, volumes: VolumeLookup): boolean {
  if ((claim.spec.volumeName ?? "") !== "") return false;
  return volumes.storageClass(storageClassOf(claim))?.volumeBindingMode === "WaitForFirstConsumer";
}

function canProvision(claim: PersistentVolumeClaim, volumes: VolumeLookup): boolean {
  const storageClass = volumes.storageClass(storageClassOf(claim));
  return storageClass !== undefined && storageClass.provisioner !== NO_PROVISIONER;
}

function reachesNode(volume: PersistentVolume, { node }: NodeState): boolean {
  const required = volume.spec.nodeAffinity?.required;
  return required === undefined || (node !== undefined && matchesNodeSelectorTerms(required.nodeSelectorTerms, node));
}
