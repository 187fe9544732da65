// Behaviour: GetAccessModesAsString and GetPersistentVolumeClass in k8s.io/kubernetes/pkg/apis/core/helper.
import type { KubernetesObject } from "../../../../api/object.ts";

/** The annotation that named the storage class before there was a field. */
export const STORAGE_CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

const SHORT_MODES: readonly (readonly [string, string])[] = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
];

/** "RWO,RWX": the modes in short, always in the same order. */
export function formatAccessModes(modes: readonly string[] = []): string {
  return SHORT_MODES.filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

/** The storage class of a volume or a claim, "" for none. */
export function storageClassOf({ metadata, spec }: KubernetesObject & { spec: { storageClassName?: string } }): string {
  return metadata.annotations?.[STORAGE_CLASS_ANNOTATION] ?? spec.storageClassName ?? "";
}
