// Behaviour: k8s.io/pod-security-admission/policy: what the restricted level asks of pods beyond the baseline.
import type { Volume } from "../../../api/generated/types/core/v1.ts";
import { procMount } from "./baseline-checks.ts";
import { type Check, type CheckFunction, containersOf, exceptOwnUsers, exceptWindows, named, namesWhere, plural, quoted, setters, sortedSet } from "./check.ts";
import { seccompRestricted } from "./seccomp-checks.ts";

const ALLOWED_VOLUMES = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];
const FORBIDDEN_VOLUMES = [
  "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "nfs", "iscsi", "glusterfs", "rbd", "flexVolume", "cinder", "cephfs", "flocker", "fc",
  "azureFile", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk", "portworxVolume", "scaleIO", "storageos",
];

const allowPrivilegeEscalation: CheckFunction = ({ spec }) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  return { reason: "allowPrivilegeEscalation != false", detail: `${named("container", names)} must set securityContext.allowPrivilegeEscalation=false` };
};

const capabilities: CheckFunction = ({ spec }) => {
  const keeping = namesWhere(spec, ({ securityContext }) => !(securityContext?.capabilities?.drop ?? []).includes("ALL"));
  const forbidden = ({ securityContext }: ReturnType<typeof containersOf>[number]) => (securityContext?.capabilities?.add ?? []).filter((capability) => capability !== "NET_BIND_SERVICE");
  const adding = containersOf(spec).filter((container) => forbidden(container).length > 0);
  const details = [
    ...(keeping.length > 0 ? [`${named("container", keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0
      ? [`${named("container", adding.map(({ name }) => name))} must not include ${quoted(sortedSet(adding.flatMap(forbidden)))} in securityContext.capabilities.add`]
      : []),
  ];
  return details.length === 0 ? undefined : { reason: "unrestricted capabilities", detail: details.join("; ") };
};

const restrictedVolumes: CheckFunction = ({ spec }) => {
  const has = (volume: Volume) => (type: string) => (volume as unknown as Record<string, unknown>)[type] !== undefined;
  const bad = (spec.volumes ?? []).filter((volume) => !ALLOWED_VOLUMES.some(has(volume)));
  if (bad.length === 0) return undefined;
  const types = sortedSet(bad.map((volume) => FORBIDDEN_VOLUMES.find(has(volume)) ?? "unknown"));
  return {
    reason: "restricted volume types",
    detail: `${named("volume", bad.map(({ name }) => name))} ${plural("uses", bad.length, "use")} ${plural("restricted volume type", types.length)} ${quoted(types)}`,
  };
};

const runAsNonRoot: CheckFunction = ({ spec }) => {
  const ofPod = spec.securityContext?.runAsNonRoot;
  const reason = "runAsNonRoot != true";
  const who = setters(ofPod === false, namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false));
  if (who.length > 0) return { reason, detail: `${who.join(" and ")} must not set securityContext.runAsNonRoot=false` };
  const without = ofPod === true ? [] : namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  return without.length === 0 ? undefined : { reason, detail: `pod or ${named("container", without)} must set securityContext.runAsNonRoot=true` };
};

const runAsUser: CheckFunction = ({ spec }) => {
  const who = setters(spec.securityContext?.runAsUser === 0, namesWhere(spec, ({ securityContext }) => securityContext?.runAsUser === 0));
  return who.length === 0 ? undefined : { reason: "runAsUser=0", detail: `${who.join(" and ")} must not set runAsUser=0` };
};

/** The rules that the restricted level has of its own. */
export const restrictedChecks: readonly Check[] = [
  {
    id: "allowPrivilegeEscalation",
    versions: [
      { since: 8, check: allowPrivilegeEscalation },
      { since: 25, check: exceptWindows(allowPrivilegeEscalation) },
    ],
  },
  {
    id: "capabilities_restricted",
    versions: [
      { since: 22, check: capabilities },
      { since: 25, check: exceptWindows(capabilities) },
    ],
    overrides: "capabilities_baseline",
  },
  { id: "procMount_restricted", versions: [{ since: 35, check: procMount }], overrides: "procMount" },
  { id: "restrictedVolumes", versions: [{ since: 0, check: restrictedVolumes }], overrides: "hostPathVolumes" },
  {
    id: "runAsNonRoot",
    versions: [
      { since: 0, check: runAsNonRoot },
      { since: 35, check: exceptOwnUsers(runAsNonRoot) },
    ],
  },
  {
    id: "runAsUser",
    versions: [
      { since: 23, check: runAsUser },
      { since: 35, check: exceptOwnUsers(runAsUser) },
    ],
  },
  seccompRestricted,
];
