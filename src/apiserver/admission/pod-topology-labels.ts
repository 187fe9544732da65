// Behaviour: plugin/pkg/admission/podtopologylabels: pods can see in which zone and region they are.
import type { Binding, Pod } from "../../api/generated/types/core/v1.ts";
import { nodes } from "../../api/resource-refs.ts";
import type { AdmissionRequest, AdmissionStep } from "./admission.ts";
import { isAbout, isCreation } from "./attributes.ts";

const LABELS = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

/** Copies a node's topology labels to the pods that are bound to it. */
export const podTopologyLabels: AdmissionStep = {
  name: "PodTopologyLabels",
  mutate(request) {
    if (!isCreation(request)) return;
    if (isAbout(request, "", "pods")) copyLabels(request, (request.object as unknown as Pod).spec.nodeName);
    else if (isAbout(request, "", "pods", "binding")) {
      const { target } = request.object as unknown as Binding;
      if (target.kind === "Node") copyLabels(request, target.name);
    }
  },
};

function copyLabels({ context, object }: AdmissionRequest, nodeName: string | undefined): void {
  if (!nodeName || object === undefined) return;
  const labels = context.lookup(nodes, "", nodeName)?.metadata.labels ?? {};
  for (const label of LABELS) {
    const value = labels[label];
    if (value !== undefined) (object.metadata.labels ??= {})[label] = value;
  }
}
