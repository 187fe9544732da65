// Behaviour: plugin/pkg/admission/storage/{storageobjectinuseprotection,persistentvolume/resize}.
import type { PersistentVolumeClaim } from "../../api/generated/types/core/v1.ts";
import type { StorageClass } from "../../api/generated/types/storage/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { parseQuantity } from "../../api/quantity.ts";
import { storageClasses } from "../../api/resource-refs.ts";
import type { AdmissionStep } from "./admission.ts";
import { isAbout, isCreation, refuse } from "./attributes.ts";

const PROTECTED = [
  { group: "", resource: "persistentvolumes", finalizer: "kubernetes.io/pv-protection" },
  { group: "", resource: "persistentvolumeclaims", finalizer: "kubernetes.io/pvc-protection" },
  { group: "storage.k8s.io", resource: "volumeattributesclasses", finalizer: "kubernetes.io/vac-protection" },
];

/** Keeps storage that is in use from being deleted under its users. */
export const storageObjectInUseProtection: AdmissionStep = {
  name: "StorageObjectInUseProtection",
  mutate(request) {
    if (!isCreation(request)) return;
    const found = PROTECTED.find(({ group, resource }) => isAbout(request, group, resource));
    if (found === undefined || request.object === undefined) return;
    const { metadata } = request.object;
    if (!(metadata.finalizers ?? []).includes(found.finalizer)) (metadata.finalizers ??= []).push(found.finalizer);
  },
};

/** Lets claims grow only where their class says that volumes can. */
export const persistentVolumeClaimResize: AdmissionStep = {
  name: "PersistentVolumeClaimResize",
  validate(request) {
    if (!isAbout(request, "", "persistentvolumeclaims") || request.operation !== "UPDATE" || request.old === undefined) return;
    const [next, old] = [request.object as unknown as PersistentVolumeClaim, request.old as PersistentVolumeClaim];
    if (sizeOf(next).cmp(sizeOf(old)) <= 0) return;
    if (old.status?.phase !== "Bound") throw refuse(request, "Only bound persistent volume claims can be expanded");
    const name = classOf(next);
    const found = name === classOf(old) && name !== "" ? request.context.lookup<StorageClass & KubernetesObject>(storageClasses, "", name) : undefined;
    if (found?.allowVolumeExpansion === true) return;
    throw refuse(request, "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
  },
};

function sizeOf({ spec }: PersistentVolumeClaim) {
  return parseQuantity(spec.resources?.requests?.storage ?? "0");
}

function classOf({ metadata, spec }: PersistentVolumeClaim): string {
  return metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "";
}
