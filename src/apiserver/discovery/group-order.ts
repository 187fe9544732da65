// Behaviour: pkg/controlplane/apiserver (group priorities) and apimachinery's version package: the order of groups and versions.

/** The built-in groups, the most important first. */
const GROUPS = [
  "",
  "apiregistration.k8s.io",
  "apps",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "discovery.k8s.io",
  "resource.k8s.io",
  "flowcontrol.apiserver.k8s.io",
];

/** Orders group names: built-in ones as upstream ranks them, then the others by name. */
export function compareGroups(left: string, right: string): number {
  const [leftRank, rightRank] = [rank(left), rank(right)];
  if (leftRank !== rightRank) return leftRank - rightRank;
  return left < right ? -1 : left > right ? 1 : 0;
}

function rank(group: string): number {
  const index = GROUPS.indexOf(group);
  return index < 0 ? GROUPS.length : index;
}

/** Orders versions, the preferred first: v2, v1, v1beta2, v1beta1, v1alpha1, then anything else by name. */
export function compareVersions(left: string, right: string): number {
  const [leftParts, rightParts] = [versionParts(left), versionParts(right)];
  if (leftParts === undefined || rightParts === undefined) {
    if (leftParts !== undefined) return -1;
    if (rightParts !== undefined) return 1;
    return left < right ? -1 : left > right ? 1 : 0;
  }
  for (let index = 0; index < leftParts.length; index++) {
    const difference = (rightParts[index] ?? 0) - (leftParts[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** [stability, major, minor]; undefined for what does not look like a Kubernetes version. */
function versionParts(version: string): number[] | undefined {
  const match = /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/.exec(version);
  if (match === null) return undefined;
  const stability = match[2] === undefined ? 2 : match[2] === "beta" ? 1 : 0;
  return [stability, Number(match[1]), Number(match[3] ?? 0)];
}
