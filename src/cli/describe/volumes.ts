// Behaviour: k8s.io/kubectl/pkg/describe (describeVolumes, describePersistentVolume): where volumes come from.
import type { PersistentVolumeClaim, PersistentVolumeSpec, Volume } from "../../api/generated/types/core/v1.ts";
import { parseQuantity } from "../../api/quantity.ts";
import { goText } from "../printers/go-values.ts";
import { type Description, shorten, sortedPairs } from "./description.ts";

/** How one line of a source is made: the field of that name, or a text of the source. */
type SourceLine = readonly [title: string, value: string | ((source: Source) => unknown), zero?: unknown];
type Source = Readonly<Record<string, unknown>>;

interface SourceText {
  readonly type: string;
  readonly lines: readonly SourceLine[];
}

const isOptional = (source: Source) => source["optional"] === true;
const secretRef = (source: Source) => (source["secretRef"] === undefined ? "nil" : `&LocalObjectReference{Name:${(source["secretRef"] as { name?: string }).name ?? ""},}`);
const secretReference = (source: Source) => {
  const reference = source["secretRef"] as { name?: string; namespace?: string } | undefined;
  return reference === undefined ? "nil" : `&SecretReference{Name:${reference.name ?? ""},Namespace:${reference.namespace ?? ""},}`;
};
const readOnly: SourceLine = ["ReadOnly", "readOnly", false];
const fsType: SourceLine = ["FSType", "fsType"];

const SOURCES: Readonly<Record<string, SourceText>> = {
  hostPath: { type: "HostPath (bare host directory volume)", lines: [["Path", "path"], ["HostPathType", "type", "<none>"]] },
  emptyDir: { type: "EmptyDir (a temporary directory that shares a pod's lifetime)", lines: [["Medium", "medium"], ["SizeLimit", sizeLimit]] },
  gcePersistentDisk: {
    type: "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
    lines: [["PDName", "pdName"], fsType, ["Partition", "partition", 0], readOnly],
  },
  awsElasticBlockStore: {
    type: "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
    lines: [["VolumeID", "volumeID"], fsType, ["Partition", "partition", 0], readOnly],
  },
  gitRepo: { type: "GitRepo (a volume that is pulled from git when the pod is created)", lines: [["Repository", "repository"], ["Revision", "revision"]] },
  secret: { type: "Secret (a volume populated by a Secret)", lines: [["SecretName", "secretName"], ["Optional", isOptional]] },
  configMap: { type: "ConfigMap (a volume populated by a ConfigMap)", lines: [["Name", "name"], ["Optional", isOptional]] },
  nfs: { type: "NFS (an NFS mount that lasts the lifetime of a pod)", lines: [["Server", "server"], ["Path", "path"], readOnly] },
  iscsi: {
    type: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    lines: [
      ["TargetPortal", "targetPortal"],
      ["IQN", "iqn"],
      ["Lun", "lun", 0],
      ["ISCSIInterface", "iscsiInterface"],
      fsType,
      readOnly,
      ["Portals", "portals", []],
      ["DiscoveryCHAPAuth", "chapAuthDiscovery", false],
      ["SessionCHAPAuth", "chapAuthSession", false],
      ["SecretRef", secretRef],
      ["InitiatorName", "initiatorName", "<none>"],
    ],
  },
  glusterfs: { type: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)", lines: [["EndpointsName", "endpoints"], ["Path", "path"], readOnly] },
  persistentVolumeClaim: {
    type: "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
    lines: [["ClaimName", "claimName"], readOnly],
  },
  rbd: {
    type: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    lines: [
      ["CephMonitors", "monitors", []],
      ["RBDImage", "image"],
      fsType,
      ["RBDPool", "pool"],
      ["RadosUser", "user"],
      ["Keyring", "keyring"],
      ["SecretRef", secretRef],
      readOnly,
    ],
  },
  quobyte: { type: "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)", lines: [["Registry", "registry"], ["Volume", "volume"], readOnly] },
  azureDisk: {
    type: "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
    lines: [["DiskName", "diskName"], ["DiskURI", "diskURI"], ["Kind", "kind"], fsType, ["CachingMode", "cachingMode"], readOnly],
  },
  vsphereVolume: {
    type: "vSphereVolume (a Persistent Disk resource in vSphere)",
    lines: [["VolumePath", "volumePath"], fsType, ["StoragePolicyName", "storagePolicyName"]],
  },
  cinder: { type: "Cinder (a Persistent Disk resource in OpenStack)", lines: [["VolumeID", "volumeID"], fsType, readOnly, ["SecretRef", secretRef]] },
  photonPersistentDisk: { type: "PhotonPersistentDisk (a Persistent Disk resource in photon platform)", lines: [["PdID", "pdID"], fsType] },
  portworxVolume: { type: "PortworxVolume (a Portworx Volume resource)", lines: [["VolumeID", "volumeID"]] },
  scaleIO: {
    type: "ScaleIO (a persistent volume backed by a block device in ScaleIO)",
    lines: [
      ["Gateway", "gateway"],
      ["System", "system"],
      ["Protection Domain", "protectionDomain"],
      ["Storage Pool", "storagePool"],
      ["Storage Mode", "storageMode"],
      ["VolumeName", "volumeName"],
      fsType,
      readOnly,
    ],
  },
  cephfs: {
    type: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    lines: [["Monitors", "monitors", []], ["Path", "path"], ["User", "user"], ["SecretFile", "secretFile"], ["SecretRef", secretRef], readOnly],
  },
  storageos: {
    type: "StorageOS (a StorageOS Persistent Disk resource)",
    lines: [["VolumeName", "volumeName"], ["VolumeNamespace", "volumeNamespace"], fsType, readOnly],
  },
  fc: {
    type: "FC (a Fibre Channel disk)",
    lines: [["TargetWWNs", (source) => ((source["targetWWNs"] as string[] | undefined) ?? []).join(", ")], ["LUN", "lun", "<none>"], fsType, readOnly],
  },
  azureFile: {
    type: "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
    lines: [["SecretName", "secretName"], ["ShareName", "shareName"], readOnly],
  },
  flexVolume: {
    type: "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
    lines: [["Driver", "driver"], fsType, ["SecretRef", secretRef], readOnly, ["Options", "options", {}]],
  },
  flocker: { type: "Flocker (a Flocker volume mounted by the Flocker agent)", lines: [["DatasetName", "datasetName"], ["DatasetUUID", "datasetUUID"]] },
  csi: { type: "CSI (a Container Storage Interface (CSI) volume source)", lines: [["Driver", "driver"], fsType, readOnly] },
  image: { type: "Image (a container image or OCI artifact)", lines: [["Reference", "reference"], ["PullPolicy", "pullPolicy"]] },
  local: { type: "LocalVolume (a persistent volume backed by local storage on a node)", lines: [["Path", "path"]] },
};

/** Sources that say more, or other things, when a PersistentVolume has them. */
const PERSISTENT_SOURCES: Readonly<Record<string, SourceText>> = {
  ...SOURCES,
  glusterfs: {
    type: SOURCES["glusterfs"]?.type ?? "",
    lines: [["EndpointsName", "endpoints"], ["EndpointsNamespace", "endpointsNamespace", "<unset>"], ["Path", "path"], readOnly],
  },
  csi: {
    type: SOURCES["csi"]?.type ?? "",
    lines: [["Driver", "driver"], fsType, ["VolumeHandle", "volumeHandle"], readOnly],
  },
  azureFile: {
    type: SOURCES["azureFile"]?.type ?? "",
    lines: [["SecretName", "secretName"], ["SecretNamespace", "secretNamespace"], ["ShareName", "shareName"], readOnly],
  },
};

function sizeLimit(source: Source): string {
  const limit = source["sizeLimit"] as string | undefined;
  return limit !== undefined && parseQuantity(limit).sign() > 0 ? parseQuantity(limit).toString() : "<unset>";
}

/** The volumes of a pod or pod template; `space` goes before the title of a template's. */
export function describeVolumes(volumes: readonly Volume[] | undefined, to: Description, space = ""): void {
  if (volumes === undefined || volumes.length === 0) {
    to.write(0, `${space}Volumes:\t<none>\n`);
    return;
  }
  to.write(0, `${space}Volumes:\n`);
  for (const volume of volumes) {
    to.write(1, `${space === "" ? "" : " "}${volume.name}:\n`);
    describeVolumeSource(volume, to);
  }
}

function describeVolumeSource(volume: Volume, to: Description): void {
  const { name: _, ...rest } = volume;
  const sources = rest as Record<string, unknown>;
  if (Object.keys(SOURCES).some((key) => sources[key] !== undefined)) describeSource(sources, SOURCES, to);
  else if (volume.projected !== undefined) describeProjected(volume.projected, to);
  else if (volume.downwardAPI !== undefined) describeDownward(volume.downwardAPI, to);
  else if (volume.ephemeral !== undefined) describeEphemeral(volume.ephemeral, to);
  else to.write(1, "<unknown>\n");
}

/** The source of a PersistentVolume. */
export function describePersistentSource(spec: PersistentVolumeSpec, to: Description): void {
  const secretKinds = Object.entries(PERSISTENT_SOURCES).map(([key, text]) => [key, withSecretReferences(text)] as const);
  describeSource(spec as unknown as Record<string, unknown>, Object.fromEntries(secretKinds), to);
}

function withSecretReferences({ type, lines }: SourceText): SourceText {
  return { type, lines: lines.map((line) => (line[0] === "SecretRef" ? (["SecretRef", secretReference] as const) : line)) };
}

function describeSource(sources: Readonly<Record<string, unknown>>, texts: Readonly<Record<string, SourceText>>, to: Description): void {
  const key = Object.keys(texts).find((candidate) => sources[candidate] !== undefined && sources[candidate] !== null);
  const text = key === undefined ? undefined : texts[key];
  if (key === undefined || text === undefined) {
    to.write(1, "<unknown>\n");
    return;
  }
  const source = sources[key] as Source;
  to.field(2, "Type", text.type);
  for (const [title, value, zero = ""] of text.lines) {
    const shown = typeof value === "function" ? value(source) : (source[value] ?? zero);
    to.write(2, title === "ISCSIInterface" ? `${title}\t${goText(shown)}\n` : `${title}:${title === "Kind" ? " " : ""}\t${goText(shown)}\n`);
  }
  if (key === "csi") describeAttributes(source["volumeAttributes"] as Record<string, string> | undefined, to);
}

function describeAttributes(attributes: Record<string, string> | undefined, to: Description): void {
  const lines = sortedPairs(attributes, "=").map((line) => shorten(line, 140));
  to.write(2, `VolumeAttributes:\t${lines.length === 0 ? "<none>\n" : ""}`);
  for (const [index, line] of lines.entries()) to.write(2, `${index === 0 ? "" : "    \t"}${line}\n`);
}

function describeProjected({ sources }: NonNullable<Volume["projected"]>, to: Description): void {
  to.field(2, "Type", "Projected (a volume that contains injected data from multiple sources)");
  for (const source of sources ?? []) {
    if (source.secret !== undefined) {
      to.field(2, "SecretName", source.secret.name);
      to.field(2, "Optional", source.secret.optional === true);
    } else if (source.downwardAPI !== undefined) to.field(2, "DownwardAPI", true);
    else if (source.configMap !== undefined) {
      to.field(2, "ConfigMapName", source.configMap.name);
      to.field(2, "Optional", source.configMap.optional === true);
    } else if (source.serviceAccountToken !== undefined) to.field(2, "TokenExpirationSeconds", source.serviceAccountToken.expirationSeconds);
  }
}

function describeDownward({ items }: NonNullable<Volume["downwardAPI"]>, to: Description): void {
  to.field(2, "Type", "DownwardAPI (a volume populated by information about the pod)");
  to.write(2, "Items:\n");
  for (const item of items ?? []) {
    if (item.fieldRef !== undefined) to.write(3, `${item.fieldRef.fieldPath} -> ${item.path}\n`);
    if (item.resourceFieldRef !== undefined) to.write(3, `${item.resourceFieldRef.resource} -> ${item.path}\n`);
  }
}

function describeEphemeral({ volumeClaimTemplate }: NonNullable<Volume["ephemeral"]>, to: Description): void {
  to.field(2, "Type", "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)");
  if (volumeClaimTemplate === undefined) return;
  const { metadata, spec } = volumeClaimTemplate;
  const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: metadata ?? {}, spec, status: {} };
  describeClaim(claim as PersistentVolumeClaim, false, to, 2);
}

/** A claim, or (not `whole`) what a claim's template says of it. */
export function describeClaim(claim: PersistentVolumeClaim, whole: boolean, to: Description, level = 0): void {
  const { metadata, spec, status } = claim;
  const indent = "  ".repeat(level);
  if (whole) {
    to.field(level, "Name", metadata.name);
    to.field(level, "Namespace", metadata.namespace);
  }
  to.field(level, "StorageClass", claimClass(claim));
  if (whole) to.field(level, "Status", metadata.deletionTimestamp ? `Terminating (lasts ${to.age(metadata.deletionTimestamp)})` : status.phase);
  to.field(level, "Volume", spec.volumeName);
  to.multiline(`${indent}Labels`, sortedPairs(metadata.labels, "="));
  to.annotations(`${indent}Annotations`, metadata.annotations);
  if (whole) to.field(level, "Finalizers", goText(metadata.finalizers ?? []));
  const bound = (spec.volumeName ?? "") !== "";
  to.field(level, "Capacity", bound ? (status.capacity?.["storage"] ?? "0") : "");
  to.field(level, "Access Modes", bound ? accessModes(status.accessModes) : "");
  if (spec.volumeMode !== undefined) to.field(level, "VolumeMode", spec.volumeMode);
  if (spec.dataSource === undefined) return;
  to.write(level, "DataSource:\n");
  if (spec.dataSource.apiGroup !== undefined) to.field(level + 1, "APIGroup", spec.dataSource.apiGroup);
  to.field(level + 1, "Kind", spec.dataSource.kind);
  to.field(level + 1, "Name", spec.dataSource.name);
}

/** The storage class that a claim asks for. */
export function claimClass({ metadata, spec }: PersistentVolumeClaim): string {
  return metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "";
}

const ACCESS_MODES = [["ReadWriteOnce", "RWO"], ["ReadOnlyMany", "ROX"], ["ReadWriteMany", "RWX"], ["ReadWriteOncePod", "RWOP"]] as const;

/** "RWO,RWX". */
export function accessModes(modes: readonly string[] | undefined): string {
  return ACCESS_MODES.filter(([mode]) => modes?.includes(mode)).map(([, short]) => short).join(",");
}
