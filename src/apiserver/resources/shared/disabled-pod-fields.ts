// Behaviour: dropDisabledFields in k8s.io/kubernetes/pkg/api/pod/util.go: fields of features that are off by default in v1.36.
import type { PodSpec } from "../../../api/generated/types/core/v1.ts";
import { allContainers } from "./containers.ts";

/** Takes the fields of features that are off out of a pod's spec. */
export function dropDisabledPodFields(spec: PodSpec | undefined): void {
  if (spec === undefined) return;
  delete spec.schedulingGroup;
  for (const { container } of allContainers(spec)) delete container.lifecycle?.stopSignal;
  for (const source of (spec.volumes ?? []).flatMap((volume) => volume.projected?.sources ?? [])) {
    delete source.clusterTrustBundle;
    delete source.podCertificate;
  }
}
