// Behaviour: WarningsForStaticSuffix in k8s.io/kubernetes/pkg/apis/admissionregistration/validation.
import type { KubernetesObject } from "../../../api/object.ts";

const SUFFIX = ".static.k8s.io";

/** Warns of a name that is meant for configuration from files. */
export function staticSuffixWarnings({ metadata }: KubernetesObject): string[] {
  if (!(metadata.name ?? "").endsWith(SUFFIX)) return [];
  return [`metadata.name: names ending with "${SUFFIX}" are reserved for static manifest-based configurations and cannot be managed via the API`];
}
