// Behaviour: ValidateVolumes in k8s.io/kubernetes/pkg/apis/core/validation.
import { duplicateValue, type FieldError, type FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../../api/field-errors.ts";
import type { CSIVolumeSource, EphemeralVolumeSource, GitRepoVolumeSource, ImageVolumeSource, Volume } from "../../../../api/generated/types/core/v1.ts";
import type { ObjectMeta } from "../../../../api/generated/types/meta/v1.ts";
import { isDNS1123Subdomain } from "../../../../api/name-validation.ts";
import { parseQuantity } from "../../../../api/quantity.ts";
import { dnsLabel, invalidEach, requiredOneOf } from "../field-checks.ts";
import { validateClaimTemplate } from "./claim-spec.ts";
import { descendingPath } from "./paths.ts";
import { validateConfigMapVolume, validateDownwardAPIVolume, validateProjectedVolume, validateSecretVolume } from "./projections.ts";
import * as storage from "./storage-sources.ts";

/** The metadata of the pod whose volumes are checked; undefined in templates. */
export type PodMeta = ObjectMeta | undefined;

type Source = Exclude<keyof Volume, "name">;
type SourceChecks = { readonly [S in Source]?: { readonly check: (source: NonNullable<Volume[S]>, path: FieldPath, volume: Volume, pod: PodMeta, volumePath: FieldPath) => FieldError[]; readonly at?: string; readonly second?: string } };

/** The sources in the order in which they are looked at; `at` and `second` are the paths that upstream gives, where they are odd. */
const SOURCES: SourceChecks = {
  emptyDir: { check: (source, path) => (source.sizeLimit !== undefined && parseQuantity(source.sizeLimit).sign() < 0 ? [forbiddenField(path.child("sizeLimit"), "SizeLimit field must be a valid resource quantity")] : []) },
  hostPath: { check: storage.validateHostPath },
  gitRepo: { check: validateGitRepo },
  gcePersistentDisk: { check: storage.validateGCEPersistentDisk, at: "persistentDisk" },
  awsElasticBlockStore: { check: storage.validateAWSElasticBlockStore },
  secret: { check: validateSecretVolume },
  nfs: { check: storage.validateNFS },
  iscsi: { check: (source, path) => storage.validateISCSI(source, path, false) },
  glusterfs: { check: (source, path) => storage.requiredFields(source, ["endpoints", "path"], path) },
  flocker: { check: storage.validateFlocker },
  persistentVolumeClaim: { check: (source, path) => storage.requiredFields(source, ["claimName"], path) },
  rbd: { check: (source, path) => storage.requiredFields(source, ["monitors", "image"], path) },
  cinder: { check: (source, path) => [...storage.requiredFields(source, ["volumeID"], path), ...storage.validateSecretReference(source.secretRef, path.child("secretRef"), false)] },
  cephfs: { check: (source, path) => storage.requiredFields(source, ["monitors"], path), second: "cephFS" },
  quobyte: { check: storage.validateQuobyte },
  downwardAPI: { check: validateDownwardAPIVolume, second: "downwarAPI" },
  fc: { check: storage.validateFC },
  flexVolume: { check: storage.validateFlexVolume },
  configMap: { check: validateConfigMapVolume },
  azureFile: { check: (source, path) => storage.requiredFields(source, ["secretName", "shareName"], path) },
  vsphereVolume: { check: (source, path) => storage.requiredFields(source, ["volumePath"], path) },
  photonPersistentDisk: { check: (source, path) => storage.requiredFields(source, ["pdID"], path) },
  portworxVolume: { check: (source, path) => storage.requiredFields(source, ["volumeID"], path) },
  azureDisk: { check: storage.validateAzureDisk },
  storageos: { check: (source, path) => storage.validateStorageOS(source, path, false) },
  projected: { check: validateProjectedVolume },
  scaleIO: { check: (source, path) => requiredScaleIO(source, path) },
  csi: { check: validateCSI },
  ephemeral: { check: validateEphemeral },
  image: { check: (source, path, _volume, pod) => validateImage(source, path, pod !== undefined) },
};

/** The volumes that are all right, by name, and what is wrong with the others. */
export function validateVolumes(volumes: readonly Volume[], path: FieldPath, pod: PodMeta): { valid: ReadonlyMap<string, Volume>; errors: FieldError[] } {
  const valid = new Map<string, Volume>();
  const errors: FieldError[] = [];
  const created = new Set(pod?.name ? volumes.filter((volume) => volume.ephemeral !== undefined).map((volume) => `${pod.name}-${volume.name}`) : []);
  for (const [index, volume] of volumes.entries()) {
    const at = path.index(index);
    const own = [...validateSource(volume, at, pod), ...(volume.name ? dnsLabel(volume.name, at.child("name")) : [requiredValue(at.child("name"))])];
    if (valid.has(volume.name)) own.push(duplicateValue(at.child("name"), volume.name));
    if (own.length === 0) valid.set(volume.name, volume);
    errors.push(...own);
    const claim = volume.persistentVolumeClaim?.claimName ?? "";
    if (created.has(claim)) errors.push(invalidValue(at.child("persistentVolumeClaim", "claimName"), claim, "must not reference a PVC that gets created for an ephemeral volume"));
  }
  return { valid, errors };
}

function validateSource(volume: Volume, path: FieldPath, pod: PodMeta): FieldError[] {
  const errors: FieldError[] = [];
  let count = 0;
  for (const [name, { check, at = name, second = name }] of Object.entries(SOURCES)) {
    const source = volume[name as Source];
    if (source === undefined || source === null) continue;
    const checkAny = check as (source: unknown, path: FieldPath, volume: Volume, pod: PodMeta, volumePath: FieldPath) => FieldError[];
    if (count > 0) errors.push(forbiddenField(path.child(second), "may not specify more than 1 volume type"));
    else errors.push(...checkAny(source, path.child(at), volume, pod, path));
    if (name === "iscsi") errors.push(...validatePortalLength(volume, path));
    count++;
  }
  return count === 0 ? [...errors, requiredValue(path, "must specify a volume type")] : errors;
}

function validatePortalLength({ name, iscsi }: Volume, path: FieldPath): FieldError[] {
  if (iscsi?.initiatorName === undefined || `${name}:${iscsi.targetPortal}`.length <= 64) return [];
  return [invalidValue(path.child("name"), name, "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.")];
}

function validateGitRepo({ repository, directory }: GitRepoVolumeSource, path: FieldPath): FieldError[] {
  return [...(repository ? [] : [requiredValue(path.child("repository"))]), ...descendingPath(directory ?? "", path.child("directory"))];
}

/** Of a ScaleIO volume, whatever holds it. */
export function requiredScaleIO(source: { gateway?: string; system?: string; volumeName?: string }, path: FieldPath): FieldError[] {
  return storage.requiredFields(source, ["gateway", "system", "volumeName"], path);
}

function validateCSI({ driver, nodePublishSecretRef }: CSIVolumeSource, path: FieldPath): FieldError[] {
  const errors = storage.validateDriverName(driver, path.child("driver"));
  if (nodePublishSecretRef === undefined) return errors;
  const name = nodePublishSecretRef.name ?? "";
  return [...errors, ...(name === "" ? [requiredValue(path.child("nodePublishSecretRef", "name"))] : invalidEach(path.child("name"), name, isDNS1123Subdomain(name)))];
}

function validateEphemeral({ volumeClaimTemplate }: EphemeralVolumeSource, path: FieldPath, volume: Volume, pod: PodMeta, volumePath: FieldPath): FieldError[] {
  const errors = volumeClaimTemplate === undefined ? [requiredValue(path.child("volumeClaimTemplate"))] : validateClaimTemplate(volumeClaimTemplate, path.child("volumeClaimTemplate"));
  if (!pod?.name || !volume.name) return errors;
  const claim = `${pod.name}-${volume.name}`;
  return [...errors, ...invalidEach(volumePath.child("name"), volume.name, isDNS1123Subdomain(claim).map((message) => `PVC name ${JSON.stringify(claim)}: ${message}`))];
}

function validateImage({ reference, pullPolicy }: ImageVolumeSource, path: FieldPath, isPod: boolean): FieldError[] {
  return [...(isPod && !reference ? [requiredValue(path.child("reference"))] : []), ...requiredOneOf(pullPolicy, ["Always", "IfNotPresent", "Never"], path.child("pullPolicy"))];
}
