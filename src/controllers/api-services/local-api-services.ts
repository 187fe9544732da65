// Behaviour: k8s.io/kubernetes/pkg/controlplane/apiserver/aggregator.go: the APIServices of what the server has by itself.
import type { APIService } from "../../api/generated/types/apiregistration/v1.ts";

/** Says that an APIService is made by the server, and how long it is looked after. */
export const MANAGED_LABEL = "kube-aggregator.kubernetes.io/automanaged";

/** Priority of each group; versions have 15 but where said. */
const GROUP_PRIORITIES: Readonly<Record<string, number>> = {
  "": 18_000, apps: 17_800, "events.k8s.io": 17_750, "authentication.k8s.io": 17_700, "authorization.k8s.io": 17_600, autoscaling: 17_500, batch: 17_400,
  "certificates.k8s.io": 17_300, "networking.k8s.io": 17_200, policy: 17_100, "rbac.authorization.k8s.io": 17_000, "storage.k8s.io": 16_800,
  "apiextensions.k8s.io": 16_700, "admissionregistration.k8s.io": 16_700, "scheduling.k8s.io": 16_600, "coordination.k8s.io": 16_500, "node.k8s.io": 16_300,
  "discovery.k8s.io": 16_200, "flowcontrol.apiserver.k8s.io": 16_100, "resource.k8s.io": 15_900,
};
const VERSION_PRIORITIES: Readonly<Record<string, number>> = { "/v1": 1, "autoscaling/v2": 30, "flowcontrol.apiserver.k8s.io/v1": 21 };
const CUSTOM_PRIORITIES = { groupPriorityMinimum: 1000, versionPriority: 100 };

/** The APIService of a group version; `custom`: definitions of custom resources make it, and may take it away. */
export function localAPIService(group: string, version: string, custom: boolean): APIService {
  const builtIn = GROUP_PRIORITIES[group];
  const priorities = builtIn === undefined || custom ? CUSTOM_PRIORITIES : { groupPriorityMinimum: builtIn, versionPriority: VERSION_PRIORITIES[`${group}/${version}`] ?? 15 };
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: `${version}.${group}`, labels: { [MANAGED_LABEL]: custom ? "true" : "onstart" } },
    spec: { ...(group !== "" && { group }), version, ...priorities },
    status: {},
  };
}
