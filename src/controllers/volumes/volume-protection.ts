// Behaviour: pkg/controller/volume/pvcprotection and pvprotection: claims and volumes in use outlive their deletion.
import type { PersistentVolume, Pod } from "../../api/generated/types/core/v1.ts";
import { isNotFound } from "../../api/errors.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { persistentVolumeClaims, persistentVolumes, pods } from "../../api/resource-refs.ts";
import type { ResourceClient } from "../../client/client.ts";
import type { Informer } from "../../client/informer.ts";
import { isPodTerminal } from "../pod-status.ts";
import type { Controller, ControllerContext } from "../runtime.ts";
import { ownKey, splitKey, watch } from "../runtime.ts";

const CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
const VOLUME_FINALIZER = "kubernetes.io/pv-protection";

/** Lets a deleted claim go once no pod uses it. */
export function createClaimProtectionController({ client, informers }: ControllerContext): Controller {
  const claims = informers.informer(persistentVolumeClaims);
  const users = podsByClaim(informers.informer(pods));
  return {
    name: "persistentvolumeclaim-protection-controller",
    watches: [
      watch(persistentVolumeClaims, ownKey, ({ type }) => type !== "deleted"),
      watch(pods, claimKeys, ({ type, object }) => type === "deleted" || isPodTerminal(object)),
    ],
    async reconcile(key) {
      const claim = claims.get(key);
      if (claim === undefined) return;
      const inUse = users.indexed("claim", key).some((pod) => (pod.spec.nodeName ?? "") !== "" && !isPodTerminal(pod));
      await protect(client.resource(persistentVolumeClaims, splitKey(key).namespace), claim, CLAIM_FINALIZER, inUse);
    },
  };
}

/** Lets a deleted volume go once no claim is bound to it. */
export function createVolumeProtectionController({ client, informers }: ControllerContext): Controller {
  const volumes = informers.informer(persistentVolumes);
  return {
    name: "persistentvolume-protection-controller",
    watches: [watch(persistentVolumes, ownKey, ({ type }) => type !== "deleted")],
    async reconcile(name) {
      const volume = volumes.get(name);
      if (volume !== undefined) await protect<PersistentVolume>(client.resource(persistentVolumes), volume, VOLUME_FINALIZER, volume.status.phase === "Bound");
    },
  };
}

/** An object that lives must have the finalizer; one that is deleted loses it when it is not in use. */
async function protect<T extends KubernetesObject>(client: ResourceClient<T>, object: T, finalizer: string, inUse: boolean): Promise<void> {
  const { metadata } = object;
  const finalizers = metadata.finalizers ?? [];
  const isDeleted = metadata.deletionTimestamp !== undefined;
  const isProtected = finalizers.includes(finalizer);
  if (isDeleted ? !isProtected || inUse : isProtected) return;
  const wanted = isDeleted ? finalizers.filter((name) => name !== finalizer) : [...finalizers, finalizer];
  try {
    await client.update({ ...object, metadata: { ...metadata, finalizers: wanted } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function podsByClaim(informer: Informer<Pod>): Informer<Pod> {
  informer.addIndex("claim", claimKeys);
  return informer;
}

/** The keys of the claims that the pod's volumes name. */
function claimKeys({ metadata, spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap((volume) => {
    const name = volume.ephemeral === undefined ? volume.persistentVolumeClaim?.claimName : `${metadata.name}-${volume.name}`;
    return name === undefined ? [] : [`${metadata.namespace}/${name}`];
  });
}
