// Behaviour: the sources of persistent volumes in ValidatePersistentVolumeSpec of k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../../api/field-errors.ts";
import type * as core from "../../../../api/generated/types/core/v1.ts";
import { isDNS1123Label } from "../../../../api/name-validation.ts";
import { invalidEach } from "../../shared/field-checks.ts";
import { noBacksteps } from "../../shared/pod-spec/paths.ts";
import * as storage from "../../shared/pod-spec/storage-sources.ts";
import { requiredScaleIO } from "../../shared/pod-spec/volumes.ts";

type Spec = core.PersistentVolumeSpec;

type SourceField = Exclude<
  keyof Spec,
  "accessModes" | "capacity" | "claimRef" | "mountOptions" | "nodeAffinity" | "persistentVolumeReclaimPolicy" | "storageClassName" | "volumeAttributesClassName" | "volumeMode"
>;

/** The checks of a kind of source. */
type Check<F extends SourceField> = (source: NonNullable<Spec[F]>, path: FieldPath, volume: Volume) => FieldError[];

/** What sources need to know of their volume. */
interface Volume {
  readonly name: string;
  readonly hasNodeAffinity: boolean;
  readonly specPath: FieldPath;
}

const SOURCES: { readonly [F in SourceField]: Check<F> } = {
  hostPath: storage.validateHostPath,
  gcePersistentDisk: storage.validateGCEPersistentDisk,
  awsElasticBlockStore: storage.validateAWSElasticBlockStore,
  glusterfs: validateGlusterfs,
  flocker: storage.validateFlocker,
  nfs: storage.validateNFS,
  rbd: (rbd, path) => storage.requiredFields(rbd, ["monitors", "image"], path),
  quobyte: storage.validateQuobyte,
  cephfs: (cephfs, path) => storage.requiredFields(cephfs, ["monitors"], path),
  iscsi: validateISCSI,
  cinder: (cinder, path) => [...storage.requiredFields(cinder, ["volumeID"], path), ...storage.validateSecretReference(cinder.secretRef, path.child("secretRef"), true)],
  fc: storage.validateFC,
  flexVolume: storage.validateFlexVolume,
  azureFile: validateAzureFile,
  vsphereVolume: (vsphere, path) => storage.requiredFields(vsphere, ["volumePath"], path),
  photonPersistentDisk: (disk, path) => storage.requiredFields(disk, ["pdID"], path),
  portworxVolume: (portworx, path) => storage.requiredFields(portworx, ["volumeID"], path),
  azureDisk: storage.validateAzureDisk,
  scaleIO: requiredScaleIO,
  local: validateLocal,
  storageos: (storageos, path) => storage.validateStorageOS(storageos, path, true),
  csi: validateCSI,
};

/** The fields of a persistent volume's spec that say where its storage is. */
export const SOURCE_FIELDS = Object.keys(SOURCES) as SourceField[];

/** What is wrong with a volume's source: there is exactly one. */
export function validateSource(spec: Spec, name: string, specPath: FieldPath): FieldError[] {
  const volume: Volume = { name, specPath, hasNodeAffinity: spec.nodeAffinity !== undefined };
  const errors: FieldError[] = [];
  let count = 0;
  for (const field of SOURCE_FIELDS) {
    const source = spec[field];
    if (source === undefined) continue;
    // A flexVolume is not counted against the sources before it.
    if (count > 0 && field !== "flexVolume") errors.push(forbiddenField(specPath.child(field === "cephfs" ? "cephFS" : field), "may not specify more than 1 volume type"));
    else errors.push(...(SOURCES[field] as (source: unknown, path: FieldPath, volume: Volume) => FieldError[])(source, specPath.child(field === "gcePersistentDisk" ? "persistentDisk" : field), volume));
    count++;
  }
  return count === 0 ? [...errors, requiredValue(specPath, "must specify a volume type")] : errors;
}

function validateGlusterfs(glusterfs: core.GlusterfsPersistentVolumeSource, path: FieldPath): FieldError[] {
  const errors = storage.requiredFields(glusterfs, ["endpoints", "path"], path);
  const { endpointsNamespace: namespace } = glusterfs;
  if (namespace === undefined) return errors;
  const detail = namespace === "" ? ["if the endpointnamespace is set, it must be a valid namespace name"] : isDNS1123Label(namespace);
  return [...errors, ...invalidEach(path.child("endpointsNamespace"), namespace, detail)];
}

function validateISCSI(iscsi: core.ISCSIPersistentVolumeSource, path: FieldPath, { name }: Volume): FieldError[] {
  const errors = storage.validateISCSI(iscsi, path, true);
  if (iscsi.initiatorName === undefined || `${name}:${iscsi.targetPortal}`.length <= 64) return errors;
  const detail = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";
  const tooLong = invalidValue(path.child("targetportal"), iscsi.targetPortal, detail);
  return iscsi.targetPortal ? [tooLong, ...errors] : [...errors.slice(0, 1), tooLong, ...errors.slice(1)];
}

function validateAzureFile(azureFile: core.AzureFilePersistentVolumeSource, path: FieldPath): FieldError[] {
  const errors = storage.requiredFields(azureFile, ["secretName", "shareName"], path);
  return azureFile.secretNamespace === "" ? [...errors, requiredValue(path.child("secretNamespace"))] : errors;
}

function validateLocal(local: core.LocalVolumeSource, path: FieldPath, { hasNodeAffinity, specPath }: Volume): FieldError[] {
  const errors = local.path ? noBacksteps(local.path, path.child("path")) : [requiredValue(path.child("path"))];
  return hasNodeAffinity ? errors : [...errors, requiredValue(specPath.child("nodeAffinity"), "Local volume requires node affinity")];
}

function validateCSI(csi: core.CSIPersistentVolumeSource, path: FieldPath): FieldError[] {
  const secrets = ["controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef"] as const;
  return [
    ...storage.validateDriverName(csi.driver, path.child("driver")),
    ...storage.requiredFields(csi, ["volumeHandle"], path),
    ...secrets.flatMap((secret) => storage.validateSecretReference(csi[secret], path.child(secret), true)),
  ];
}
