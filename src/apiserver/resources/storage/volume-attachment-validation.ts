// Behaviour: ValidateVolumeAttachment* in k8s.io/kubernetes/pkg/apis/storage/validation, and what volumes within others may not say.
import { type FieldError, FieldPath, forbiddenField, invalidValue, requiredValue, tooLongValue } from "../../../api/field-errors.ts";
import type { PersistentVolumeSpec } from "../../../api/generated/types/core/v1.ts";
import type { VolumeAttachment, VolumeAttachmentSource, VolumeError } from "../../../api/generated/types/storage/v1.ts";
import { byteLength, rangeMessage } from "../../../api/name-validation.ts";
import { validateSource as validateVolumeSource } from "../core/storage/volume-sources.ts";
import { dnsSubdomain, immutable } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { validateAccessModes } from "../shared/pod-spec/claim-spec.ts";
import { validateDriverName } from "../shared/pod-spec/storage-sources.ts";
import { mapBytes } from "./shared-checks.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");
const MAX_METADATA_BYTES = 256 * 1024;
const MAX_MESSAGE_BYTES = 1024;
const MAX_INT32 = 2 ** 31 - 1;
const ONE_SOURCE = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
const INLINE = "in the context of inline volumes";

/** What is wrong with an attachment. */
export function validateVolumeAttachment({ spec, status }: VolumeAttachment): FieldError[] {
  const { persistentVolumeName } = spec.source;
  const metadataPath = STATUS.child("attachmentMetadata");
  return [
    ...validateDriverName(spec.attacher, SPEC.child("attacher")),
    ...validateSource(spec.source, SPEC.child("source")),
    ...dnsSubdomain(spec.nodeName, SPEC.child("nodeName")),
    ...(mapBytes(status.attachmentMetadata) > MAX_METADATA_BYTES ? [tooLongValue(metadataPath, MAX_METADATA_BYTES)] : []),
    ...validateError(status.attachError, STATUS.child("attachError")),
    ...validateError(status.detachError, STATUS.child("detachError")),
    ...(persistentVolumeName === undefined ? [] : dnsSubdomain(persistentVolumeName, SPEC.child("source", "persistentVolumeName"))),
  ];
}

/** An attachment stays with its volume and its node. */
export function validateVolumeAttachmentUpdate(next: VolumeAttachment, old: VolumeAttachment): FieldError[] {
  return immutable(next.spec, old.spec, SPEC, internalForm("storage.v1.VolumeAttachmentSpec", next.spec));
}

function validateSource({ persistentVolumeName, inlineVolumeSpec }: VolumeAttachmentSource, path: FieldPath): FieldError[] {
  if (inlineVolumeSpec === undefined && persistentVolumeName === undefined) return [requiredValue(path, ONE_SOURCE)];
  if (inlineVolumeSpec !== undefined && persistentVolumeName !== undefined) return [forbiddenField(path, ONE_SOURCE)];
  if (inlineVolumeSpec !== undefined) return validateInlineVolume(inlineVolumeSpec, path.child("inlineVolumeSpec"));
  return persistentVolumeName === "" ? [requiredValue(path.child("persistentVolumeName"), "must specify non empty persistentVolumeName")] : [];
}

function validateInlineVolume(spec: PersistentVolumeSpec, path: FieldPath): FieldError[] {
  const { claimRef, capacity = {}, csi, accessModes = [], persistentVolumeReclaimPolicy: policy, nodeAffinity, storageClassName, volumeMode } = spec;
  const forbidden = (isSet: boolean, field: string, detail = `may not be specified ${INLINE}`): FieldError[] => (isSet ? [forbiddenField(path.child(field), detail)] : []);
  return [
    ...forbidden(claimRef !== undefined, "claimRef"),
    ...forbidden(Object.keys(capacity).length > 0, "capacity"),
    ...(csi === undefined ? [requiredValue(path.child("csi"), `has to be specified ${INLINE}`)] : []),
    ...(accessModes.length === 0 ? [requiredValue(path.child("accessModes"))] : []),
    ...validateAccessModes(accessModes, path.child("accessModes")),
    ...forbidden(Boolean(policy) && policy !== "Retain", "persistentVolumeReclaimPolicy", `may only be Retain ${INLINE}`),
    ...forbidden(nodeAffinity !== undefined, "nodeAffinity"),
    ...validateVolumeSource(spec, "", path),
    ...forbidden(Boolean(storageClassName), "storageClassName"),
    ...forbidden(volumeMode !== undefined && volumeMode !== "Filesystem", "volumeMode", `may not specify volumeMode other than Filesystem ${INLINE}`),
  ];
}

function validateError(error: VolumeError | undefined, path: FieldPath): FieldError[] {
  if (error === undefined) return [];
  const { message = "", errorCode = 0 } = error;
  return [
    // The message names the limit of the metadata.
    ...(byteLength(message) > MAX_MESSAGE_BYTES ? [tooLongValue(path.child("message"), MAX_METADATA_BYTES)] : []),
    ...(errorCode < 0 ? [invalidValue(path.child("errorCode"), errorCode, rangeMessage(0, MAX_INT32))] : []),
  ];
}
