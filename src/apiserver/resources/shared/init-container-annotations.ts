// Behaviour: dropInitContainerAnnotations in k8s.io/kubernetes/pkg/apis/core/v1/conversion.go.
import type { ObjectMeta } from "../../../api/generated/types/meta/v1.ts";

const ANNOTATIONS = ["init-containers", "init-container-statuses"].flatMap((name) => [`pod.beta.kubernetes.io/${name}`, `pod.alpha.kubernetes.io/${name}`]);

/** Takes off the annotations that held init containers before there was a field. */
export function dropInitContainerAnnotations(metadata: ObjectMeta | undefined): void {
  for (const annotation of ANNOTATIONS) delete metadata?.annotations?.[annotation];
}
