// Behaviour: k8s.io/kubectl/pkg/describe (PersistentVolume, PersistentVolumeClaim, StorageClass, CSINode, VolumeAttributesClass describers).
import type { PersistentVolume, PersistentVolumeClaim, Pod } from "../../api/generated/types/core/v1.ts";
import type { CSINode, StorageClass, VolumeAttributesClass } from "../../api/generated/types/storage/v1.ts";
import { parseQuantity } from "../../api/quantity.ts";
import { pods } from "../../api/resource-refs.ts";
import { goText } from "../printers/go-values.ts";
import { defineDescriber } from "./describer.ts";
import { type Description, boolText, joinedLabels, longTime } from "./description.ts";
import { accessModes, describeClaim, describePersistentSource } from "./volumes.ts";

/** Describes a persistent volume. */
export const persistentVolumeDescriber = defineDescriber<PersistentVolume>({
  describe(volume, _related, to) {
    const { metadata, spec, status } = volume;
    to.field(0, "Name", metadata.name);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "Finalizers", goText(metadata.finalizers ?? []));
    to.field(0, "StorageClass", metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName);
    to.field(0, "Status", metadata.deletionTimestamp ? `Terminating (lasts ${to.age(metadata.deletionTimestamp)})` : status.phase);
    to.field(0, "Claim", spec.claimRef === undefined ? "" : `${spec.claimRef.namespace ?? ""}/${spec.claimRef.name ?? ""}`);
    to.field(0, "Reclaim Policy", spec.persistentVolumeReclaimPolicy);
    to.field(0, "Access Modes", accessModes(spec.accessModes));
    if (spec.volumeMode !== undefined) to.field(0, "VolumeMode", spec.volumeMode);
    to.field(0, "Capacity", parseQuantity(spec.capacity?.["storage"] ?? "0"));
    describeAffinity(volume, to);
    to.field(0, "Message", status.message);
    to.write(0, "Source:\n");
    describePersistentSource(spec, to);
  },
});

function describeAffinity({ spec }: PersistentVolume, to: Description): void {
  const required = spec.nodeAffinity?.required;
  to.write(0, `Node Affinity:\t${required === undefined ? "<none>" : ""}\n`);
  if (required === undefined) return;
  to.write(1, `Required Terms:\t${required.nodeSelectorTerms.length === 0 ? "<none>" : ""}\n`);
  for (const [index, { matchExpressions = [] }] of required.nodeSelectorTerms.entries()) {
    const lines = matchExpressions.map(({ key, operator, values = [] }) => `${key} ${operator.toLowerCase()}${values.length === 0 ? "" : ` [${values.join(", ")}]`}`);
    describeTerm(2, index, lines, to);
  }
}

function describeTerm(level: number, index: number, lines: readonly string[], to: Description): void {
  to.write(level, `Term ${index}:\t${lines[0] ?? "<none>"}\n`);
  for (const line of lines.slice(1)) to.write(level, `\t${line}\n`);
}

/** Describes a persistent volume claim. */
export const persistentVolumeClaimDescriber = defineDescriber<PersistentVolumeClaim, Pod[]>({
  async gather({ metadata }, reader) {
    const all = await reader.list(pods, metadata.namespace ?? "");
    const owners = new Set((metadata.ownerReferences ?? []).filter(({ kind }) => kind === "Pod").map(({ uid }) => uid));
    return all.filter((pod) => owners.has(pod.metadata.uid ?? "") || pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === metadata.name));
  },
  describe(claim, users, to) {
    describeClaim(claim, true, to);
    to.multiline("Used By", users.map(({ metadata }) => metadata.name ?? "").sort());
    const conditions = claim.status.conditions ?? [];
    if (conditions.length === 0) return;
    to.write(0, "Conditions:\n");
    to.row(1, "Type", "Status", "LastProbeTime", "LastTransitionTime", "Reason", "Message");
    to.row(1, "----", "------", "-----------------", "------------------", "------", "-------");
    for (const { type, status, lastProbeTime, lastTransitionTime, reason, message } of conditions) {
      to.write(1, `${type} \t${status} \t${longTime(lastProbeTime)} \t${longTime(lastTransitionTime)} \t${reason ?? ""} \t${message ?? ""}\n`);
    }
  },
});

const DEFAULT_CLASS = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/** Describes a storage class. */
export const storageClassDescriber = defineDescriber<StorageClass>({
  describe(storageClass, _related, to) {
    const { metadata, mountOptions = [], allowedTopologies } = storageClass;
    to.field(0, "Name", metadata.name);
    to.field(0, "IsDefaultClass", DEFAULT_CLASS.some((key) => metadata.annotations?.[key] === "true") ? "Yes" : "No");
    to.field(0, "Annotations", joinedLabels(metadata.annotations));
    to.field(0, "Provisioner", storageClass.provisioner);
    to.field(0, "Parameters", joinedLabels(storageClass.parameters));
    to.field(0, "AllowVolumeExpansion", boolText(storageClass.allowVolumeExpansion));
    to.write(0, mountOptions.length === 0 ? "MountOptions:\t<none>\n" : "MountOptions:\n");
    for (const option of mountOptions) to.row(1, option);
    if (storageClass.reclaimPolicy !== undefined) to.field(0, "ReclaimPolicy", storageClass.reclaimPolicy);
    if (storageClass.volumeBindingMode !== undefined) to.field(0, "VolumeBindingMode", storageClass.volumeBindingMode);
    if (allowedTopologies === undefined) return;
    to.write(0, `AllowedTopologies:\t${allowedTopologies.length === 0 ? "<none>" : ""}\n`);
    for (const [index, { matchLabelExpressions = [] }] of allowedTopologies.entries()) {
      describeTerm(1, index, matchLabelExpressions.map(({ key, values }) => `${key} in${values.length === 0 ? "" : ` [${values.join(", ")}]`}`), to);
    }
  },
});

/** Describes a node's CSI drivers. */
export const csiNodeDescriber = defineDescriber<CSINode>({
  describe({ metadata, spec }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "CreationTimestamp", longTime(metadata.creationTimestamp));
    to.write(0, "Spec:\n");
    if (!spec.drivers) return;
    to.write(1, "Drivers:\n");
    for (const { name, nodeID, allocatable, topologyKeys } of spec.drivers) {
      to.write(2, `${name}:\n`);
      to.field(3, "Node ID", nodeID);
      if (allocatable?.count !== undefined) {
        to.write(3, "Allocatables:\n");
        to.field(4, "Count", allocatable.count);
      }
      if (topologyKeys) to.field(3, "Topology Keys", goText(topologyKeys));
    }
  },
});

/** Describes a volume attributes class. */
export const volumeAttributesClassDescriber = defineDescriber<VolumeAttributesClass>({
  describe({ metadata, driverName, parameters }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Annotations", joinedLabels(metadata.annotations));
    to.field(0, "DriverName", driverName);
    to.field(0, "Parameters", joinedLabels(parameters));
  },
});
