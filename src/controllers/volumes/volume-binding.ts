// Behaviour: pkg/controller/volume/persistentvolume: brings claims and volumes together.
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/generated/types/core/v1.ts";
import type { StorageClass } from "../../api/generated/types/storage/v1.ts";
import { semanticEqual } from "../../api/equality.ts";
import { persistentVolumeClaims, persistentVolumes, storageClasses } from "../../api/resource-refs.ts";
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  isClaimBound,
  isReservedFor,
  SELECTED_NODE,
  smallestVolume,
  storageClassOf,
  whyUnsuitable,
} from "../../api/volume-matching.ts";
import type { EventRecorder } from "../../client/event-recorder.ts";
import type { Informer } from "../../client/informer.ts";
import { formatTime } from "../../util/clock.ts";
import type { Controller, ControllerContext } from "../runtime.ts";
import { keyOf, splitKey, watch } from "../runtime.ts";

const CLAIM = "claim ";
const VOLUME = "volume ";
const NO_PROVISIONER = "kubernetes.io/no-provisioner";
const PROVISIONER_ANNOTATIONS = ["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"];

/** Binds claims to volumes, and says what claims wait for. */
export function createVolumeBindingController(context: ControllerContext): Controller {
  const loop = new VolumeBindingLoop(context);
  return {
    name: "persistentvolume-binder-controller",
    // One at a time: two claims must not be given one volume.
    concurrency: 1,
    watches: [
      watch(persistentVolumeClaims, (claim) => [`${CLAIM}${keyOf(claim)}`, ...(claim.spec.volumeName ? [`${VOLUME}${claim.spec.volumeName}`] : [])]),
      watch(persistentVolumes, (volume) => loop.keysOfVolume(volume)),
      watch(storageClasses, () => loop.waitingClaims()),
    ],
    reconcile: (key) => (key.startsWith(CLAIM) ? loop.reconcileClaim(key.slice(CLAIM.length)) : loop.reconcileVolume(key.slice(VOLUME.length))),
  };
}

class VolumeBindingLoop {
  private readonly context: ControllerContext;
  private readonly events: EventRecorder;
  private readonly claims: Informer<PersistentVolumeClaim>;
  private readonly volumes: Informer<PersistentVolume>;
  private readonly classes: Informer<StorageClass>;

  constructor(context: ControllerContext) {
    this.context = context;
    this.events = context.events("persistentvolume-controller");
    this.claims = context.informers.informer(persistentVolumeClaims);
    this.volumes = context.informers.informer(persistentVolumes);
    this.classes = context.informers.informer(storageClasses);
  }

  /** A free volume may be what a claim waits for. */
  keysOfVolume({ metadata, spec }: PersistentVolume): string[] {
    const { claimRef } = spec;
    const claims = claimRef === undefined ? this.waitingClaims() : [`${CLAIM}${claimRef.namespace}/${claimRef.name}`];
    return [`${VOLUME}${metadata.name}`, ...claims];
  }

  waitingClaims(): string[] {
    return this.claims
      .list()
      .filter((claim) => !isClaimBound(claim))
      .map((claim) => `${CLAIM}${keyOf(claim)}`);
  }

  async reconcileClaim(key: string): Promise<void> {
    const claim = this.claims.get(key);
    if (claim === undefined || claim.metadata.deletionTimestamp !== undefined) return;
    const { volumeName = "" } = claim.spec;
    const volume = this.volumes.get(volumeName);
    if (isClaimBound(claim)) return this.checkBound(claim, volume);
    if (volumeName === "") return this.findVolume(claim);
    if (volume === undefined) return this.setPending(claim);
    if (isReservedFor(volume, claim)) return this.bind(claim, volume);
    if (volume.spec.claimRef !== undefined) {
      this.events.event(claim, "Warning", "FailedBinding", `volume "${volumeName}" already bound to a different claim.`);
      return this.setPending(claim);
    }
    const unsuitable = whyUnsuitable(volume, claim);
    if (unsuitable === undefined) return this.bind(claim, volume);
    this.events.event(claim, "Warning", "VolumeMismatch", `Cannot bind to requested volume "${volumeName}": ${unsuitable}`);
    return this.setPending(claim);
  }

  private async checkBound(claim: PersistentVolumeClaim, volume: PersistentVolume | undefined): Promise<void> {
    if (volume === undefined) return this.lose(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Any data on the volume is lost!");
    if (volume.spec.claimRef === undefined || volume.spec.claimRef.uid === claim.metadata.uid) return this.bind(claim, volume);
    await this.lose(claim, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
  }

  private async lose(claim: PersistentVolumeClaim, reason: string, message: string): Promise<void> {
    if (claim.status.phase === "Lost") return;
    await this.updateClaimStatus(claim, { ...claim.status, phase: "Lost", accessModes: undefined, capacity: undefined });
    this.events.event(claim, "Warning", reason, message);
  }

  private async findVolume(claim: PersistentVolumeClaim): Promise<void> {
    const all = this.volumes.list();
    const reserved = all.find((volume) => isReservedFor(volume, claim));
    if (reserved !== undefined) return this.bind(claim, reserved);
    const className = storageClassOf(claim);
    const storageClass = this.classes.get(className);
    const isChosen = claim.metadata.annotations?.[SELECTED_NODE] !== undefined;
    if (storageClass?.volumeBindingMode === "WaitForFirstConsumer" && !isChosen) {
      this.events.event(claim, "Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
      return this.setPending(claim);
    }
    const volume = smallestVolume(claim, all);
    if (volume !== undefined) return this.bind(claim, volume);
    if (className === "") {
      this.events.event(claim, "Normal", "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
    } else if (storageClass === undefined) {
      this.events.event(claim, "Warning", "ProvisioningFailed", `storageclass.storage.k8s.io "${className}" not found`);
    } else if (storageClass.provisioner !== NO_PROVISIONER) {
      return this.askProvisioner(claim, storageClass.provisioner);
    }
    return this.setPending(claim);
  }

  /** Provisioners watch claims for their own name in an annotation. */
  private async askProvisioner(claim: PersistentVolumeClaim, provisioner: string): Promise<void> {
    const wanted = Object.fromEntries(PROVISIONER_ANNOTATIONS.map((annotation) => [annotation, provisioner]));
    const annotations = { ...claim.metadata.annotations, ...wanted };
    let current = claim;
    if (!semanticEqual(annotations, claim.metadata.annotations)) {
      current = await this.claimClient(claim).update({ ...claim, metadata: { ...claim.metadata, annotations } });
    }
    const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    this.events.event(current, "Normal", "ExternalProvisioning", message);
    await this.setPending(current);
  }

  /** Brings both ends of the binding up to date, the volume first, each as far as it is not. */
  private async bind(claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<void> {
    const { namespace, name, uid, resourceVersion } = claim.metadata;
    let boundVolume = volume;
    if (volume.spec.claimRef?.uid !== uid) {
      const claimRef = { kind: "PersistentVolumeClaim", apiVersion: "v1", namespace, name, uid, resourceVersion };
      const annotations = { ...volume.metadata.annotations, ...(!isReservedFor(volume, claim) && { [BOUND_BY_CONTROLLER]: "yes" }) };
      boundVolume = await this.volumeClient().update({ ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...volume.spec, claimRef } });
    }
    await this.setPhase(boundVolume, "Bound");
    let boundClaim = claim;
    if (!isClaimBound(claim)) {
      const byUs = (claim.spec.volumeName ?? "") === "";
      const annotations = { ...claim.metadata.annotations, ...(byUs && { [BOUND_BY_CONTROLLER]: "yes" }), [BIND_COMPLETED]: "yes" };
      const spec = { ...claim.spec, volumeName: volume.metadata.name };
      boundClaim = await this.claimClient(claim).update({ ...claim, metadata: { ...claim.metadata, annotations }, spec });
    }
    const { accessModes, capacity } = boundVolume.spec;
    const isGrown = boundClaim.status.phase === "Bound" && boundClaim.status.capacity !== undefined;
    await this.updateClaimStatus(boundClaim, { ...boundClaim.status, phase: "Bound", accessModes, ...(!isGrown && { capacity: { storage: capacity?.storage ?? "0" } }) });
  }

  async reconcileVolume(name: string): Promise<void> {
    const volume = this.volumes.get(name);
    if (volume === undefined) return;
    const { claimRef } = volume.spec;
    if (claimRef === undefined || (claimRef.uid ?? "") === "") return this.setPhase(volume, "Available");
    const claim = this.claims.get(`${claimRef.namespace}/${claimRef.name}`);
    if (claim === undefined || claim.metadata.uid !== claimRef.uid) return this.setPhase(volume, "Released");
    const { volumeName = "" } = claim.spec;
    if (volumeName === name) return this.setPhase(volume, "Bound");
    // The claim went to another volume: one that was bound for it is free again.
    if (volumeName !== "" && volume.metadata.annotations?.[BOUND_BY_CONTROLLER] !== undefined) {
      const { [BOUND_BY_CONTROLLER]: _, ...annotations } = volume.metadata.annotations;
      const { claimRef: _claimRef, ...spec } = volume.spec;
      await this.volumeClient().update({ ...volume, metadata: { ...volume.metadata, annotations }, spec });
    }
  }

  private setPending(claim: PersistentVolumeClaim): Promise<void> {
    return this.updateClaimStatus(claim, { ...claim.status, phase: "Pending" });
  }

  private async updateClaimStatus(claim: PersistentVolumeClaim, status: PersistentVolumeClaim["status"]): Promise<void> {
    if (!semanticEqual(status, claim.status)) await this.claimClient(claim).updateStatus({ ...claim, status });
  }

  private async setPhase(volume: PersistentVolume, phase: string): Promise<void> {
    if (volume.status.phase === phase) return;
    const lastPhaseTransitionTime = formatTime(this.context.clock.now());
    await this.volumeClient().updateStatus({ ...volume, status: { ...volume.status, phase, lastPhaseTransitionTime } });
  }

  private claimClient(claim: PersistentVolumeClaim) {
    return this.context.client.resource(persistentVolumeClaims, splitKey(keyOf(claim)).namespace);
  }

  private volumeClient() {
    return this.context.client.resource(persistentVolumes);
  }
}
