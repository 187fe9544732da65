// Behaviour: pkg/api/v1/pod and pkg/kubelet/container/helpers.go: questions that a pod's spec answers by itself.
import type { Container, EphemeralContainer, Pod } from "../api/generated/types/core/v1.ts";
import { parseQuantity } from "../api/quantity.ts";

/** "name_namespace(uid)": how the kubelet names a pod in messages. */
export function formatPod(pod: Pod): string {
  const { name = "", namespace = "", uid = "" } = pod.metadata;
  return `${name}_${namespace}(${uid})`;
}

/** An init container that is restarted forever and runs beside the regular ones. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}

/** A container of any sort, and where it stands in the pod. */
export interface PlacedContainer {
  readonly container: Container;
  readonly kind: "init" | "regular" | "ephemeral";
  /** For events: "spec.containers{name}". */
  readonly fieldPath: string;
}

/** Every container of a pod: init containers, regular ones, ephemeral ones. */
export function placedContainers(pod: Pod): PlacedContainer[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  return [
    ...initContainers.map((container) => ({ container, kind: "init" as const, fieldPath: `spec.initContainers{${container.name}}` })),
    ...containers.map((container) => ({ container, kind: "regular" as const, fieldPath: `spec.containers{${container.name}}` })),
    ...ephemeralContainers.map((container: EphemeralContainer) => ({ container, kind: "ephemeral" as const, fieldPath: `spec.ephemeralContainers{${container.name}}` })),
  ];
}

/** The container of that name. */
export function findContainer(pod: Pod, name: string): PlacedContainer | undefined {
  return placedContainers(pod).find((placed) => placed.container.name === name);
}

/** Whether a container that ended with that code is to run again. */
export function shouldRestart(container: Container, pod: Pod, exitCode: number): boolean {
  if (container.restartPolicy !== undefined) {
    const rule = (container.restartPolicyRules ?? []).find(({ exitCodes }) => {
      const listed = exitCodes?.values?.includes(exitCode) ?? false;
      return exitCodes?.operator === "NotIn" ? !listed : listed;
    });
    if (rule?.action === "Restart") return true;
  }
  const policy = container.restartPolicy ?? pod.spec.restartPolicy;
  return policy === "Never" ? false : policy === "OnFailure" ? exitCode !== 0 : true;
}

/** Whether nothing of the pod will run any more, as its status says. */
export function isTerminalPhase(phase: string | undefined): boolean {
  return phase === "Failed" || phase === "Succeeded";
}

/** The pod's quality of service, as its status has it or as its containers' resources make it. */
export function qosClass(pod: Pod): "Guaranteed" | "Burstable" | "BestEffort" {
  const known = pod.status.qosClass;
  if (known !== undefined) return known as "Guaranteed";
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const amount = (list: Record<string, string> | undefined, name: string) => (list?.[name] === undefined ? undefined : parseQuantity(list[name]));
  const set = (list: Record<string, string> | undefined) => ["cpu", "memory"].some((name) => !(amount(list, name)?.isZero() ?? true));
  if (!containers.some(({ resources }) => set(resources?.requests) || set(resources?.limits))) return "BestEffort";
  const guaranteed = containers.every(({ resources }) =>
    ["cpu", "memory"].every((name) => {
      const limit = amount(resources?.limits, name);
      if (limit === undefined || limit.isZero()) return false;
      const request = amount(resources?.requests, name);
      return request === undefined || request.cmp(limit) === 0;
    }),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}

/** The pod's host name and its domain ("" without a subdomain). */
export function hostnameOf(pod: Pod, clusterDomain: string): { hostname: string; domain: string } {
  const { hostname, subdomain = "", hostnameOverride } = pod.spec as Pod["spec"] & { hostnameOverride?: string };
  if (hostnameOverride !== undefined) return { hostname: hostnameOverride, domain: "" };
  const short = (hostname === undefined || hostname === "" ? (pod.metadata.name ?? "") : hostname).slice(0, 63).replace(/[-.]+$/, "");
  const domain = subdomain === "" ? "" : `${subdomain}.${pod.metadata.namespace ?? ""}.svc.${clusterDomain}`;
  return { hostname: pod.spec.setHostnameAsFQDN === true && domain !== "" ? `${short}.${domain}` : short, domain };
}
