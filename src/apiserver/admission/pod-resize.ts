// Behaviour: plugin/pkg/admission/podresize: a pod cannot grow beyond its node.
import { StatusError } from "../../api/errors.ts";
import type { Node, Pod } from "../../api/generated/types/core/v1.ts";
import { podRequests } from "../../api/pod-resources.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { parseQuantity, zeroQuantity } from "../../api/quantity.ts";
import { nodes } from "../../api/resource-refs.ts";
import type { AdmissionRequest, AdmissionStep } from "./admission.ts";
import { isAbout, refuse } from "./attributes.ts";

/** Refuses resizes that no node of this kind or size can do. */
export const podResizeValidator: AdmissionStep = {
  name: "PodResizeValidator",
  validate(request) {
    if (!isAbout(request, "", "pods", "resize") || request.operation !== "UPDATE") return;
    const { spec, metadata } = request.object as unknown as Pod;
    if (!spec.nodeName || metadata.generation === request.old?.metadata.generation) return;
    const node = request.context.lookup<Node & KubernetesObject>(nodes, "", spec.nodeName);
    if (node === undefined) throw refuse(request, `node ${JSON.stringify(spec.nodeName)} not found`);
    const system = node.metadata.labels?.["kubernetes.io/os"] ?? "linux";
    if (system !== "linux") throw withCause(request, `pod resize is only supported on linux nodes, node ${JSON.stringify(spec.nodeName)} is ${JSON.stringify(system)}`, "UnsupportedPlatform");
    const lacking = lackOf(spec, node);
    if (lacking.length > 0) throw withCause(request, `node didn't have enough allocatable resources: ${lacking.join("; ")}`, "NodeCapacity");
  },
};

function lackOf(spec: Pod["spec"], { status }: Node): string[] {
  const requests = podRequests(spec);
  return (["cpu", "memory"] as const).flatMap((name) => {
    const requested = requests.get(name) ?? zeroQuantity;
    const allocatable = parseQuantity(status.allocatable?.[name] ?? "0");
    if (requested.cmp(allocatable) <= 0) return [];
    const show = (amount: typeof requested) => (name === "cpu" ? amount.milliValue() : amount.value());
    return [`${name}, requested: ${show(requested)}, allocatable: ${show(allocatable)}`];
  });
}

function withCause(request: AdmissionRequest, reason: string, cause: string): StatusError {
  const { status } = refuse(request, reason);
  return new StatusError({ ...status, details: { ...status.details, causes: [{ reason: cause }] } });
}
