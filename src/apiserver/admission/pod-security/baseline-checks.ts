// Behaviour: k8s.io/pod-security-admission/policy: what the baseline level keeps pods from doing to their node.
import type { LifecycleHandler, Probe } from "../../../api/generated/types/core/v1.ts";
import { type Check, type CheckFunction, containersOf, exceptOwnUsers, named, namesWhere, plural, quoted, setters, sortedSet } from "./check.ts";
import { profileChecks } from "./profile-checks.ts";
import { seccompBaseline } from "./seccomp-checks.ts";

const DEFAULT_CAPABILITIES = new Set([
  "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
]);

const capabilities: CheckFunction = ({ spec }) => {
  const added = containersOf(spec).map(({ name, securityContext }) => ({ name, forbidden: (securityContext?.capabilities?.add ?? []).filter((capability) => !DEFAULT_CAPABILITIES.has(capability)) }));
  const bad = added.filter(({ forbidden }) => forbidden.length > 0);
  if (bad.length === 0) return undefined;
  const names = bad.map(({ name }) => name);
  return { reason: "non-default capabilities", detail: `${named("container", names)} must not include ${quoted(sortedSet(bad.flatMap(({ forbidden }) => forbidden)))} in securityContext.capabilities.add` };
};

const hostNamespaces: CheckFunction = ({ spec }) => {
  const shared = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => spec[field] === true).map((field) => `${field}=true`);
  return shared.length === 0 ? undefined : { reason: "host namespaces", detail: shared.join(", ") };
};

const hostPathVolumes: CheckFunction = ({ spec }) => {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
  return names.length === 0 ? undefined : { reason: "hostPath volumes", detail: named("volume", names) };
};

const hostPorts: CheckFunction = ({ spec }) => {
  const bad = containersOf(spec).map(({ name, ports = [] }) => ({ name, ports: ports.map(({ hostPort }) => hostPort ?? 0).filter((port) => port !== 0) })).filter(({ ports }) => ports.length > 0);
  if (bad.length === 0) return undefined;
  const ports = sortedSet(bad.flatMap(({ ports: own }) => own.map(String)));
  return {
    reason: "hostPort",
    detail: `${named("container", bad.map(({ name }) => name))} ${plural("uses", bad.length, "use")} ${plural("hostPort", ports.length)} ${ports.join(", ")}`,
  };
};

const probeHosts: CheckFunction = ({ spec }) => {
  const hostsOf = (action: Probe | LifecycleHandler | undefined) => [action?.httpGet?.host, action?.tcpSocket?.host].filter((host) => host !== undefined && host !== "") as string[];
  const bad = containersOf(spec)
    .map(({ name, livenessProbe, readinessProbe, startupProbe, lifecycle }) => ({ name, hosts: [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap(hostsOf) }))
    .filter(({ hosts }) => hosts.length > 0);
  if (bad.length === 0) return undefined;
  const [names, hosts] = [sortedSet(bad.map(({ name }) => name)), sortedSet(bad.flatMap((one) => one.hosts))];
  return {
    reason: "probe or lifecycle host",
    detail: `${named("container", names)} ${plural("uses", names.length, "use")} ${plural("probe or lifecycle host", hosts.length)} ${quoted(hosts)}`,
  };
};

const privileged: CheckFunction = ({ spec }) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.privileged === true);
  return names.length === 0 ? undefined : { reason: "privileged", detail: `${named("container", names)} must not set securityContext.privileged=true` };
};

/** The mask over /proc must stay as the runtime sets it. */
export const procMount: CheckFunction = ({ spec }) => {
  const mountOf = ({ securityContext }: ReturnType<typeof containersOf>[number]) => securityContext?.procMount ?? "Default";
  const bad = containersOf(spec).filter((container) => mountOf(container) !== "Default");
  if (bad.length === 0) return undefined;
  return { reason: "procMount", detail: `${named("container", bad.map(({ name }) => name))} must not set securityContext.procMount to ${quoted(sortedSet(bad.map(mountOf)))}` };
};

const windowsHostProcess: CheckFunction = ({ spec }) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true);
  const who = setters(spec.securityContext?.windowsOptions?.hostProcess === true, names);
  return who.length === 0 ? undefined : { reason: "hostProcess", detail: `${who.join(" and ")} must not set securityContext.windowsOptions.hostProcess=true` };
};

/** The rules of the baseline level. */
export const baselineChecks: readonly Check[] = [
  ...profileChecks,
  seccompBaseline,
  { id: "capabilities_baseline", versions: [{ since: 0, check: capabilities }] },
  { id: "hostNamespaces", versions: [{ since: 0, check: hostNamespaces }] },
  { id: "hostPathVolumes", versions: [{ since: 0, check: hostPathVolumes }] },
  { id: "hostPorts", versions: [{ since: 0, check: hostPorts }] },
  { id: "hostProbesAndHostLifecycle", versions: [{ since: 34, check: probeHosts }] },
  { id: "privileged", versions: [{ since: 0, check: privileged }] },
  {
    id: "procMount",
    versions: [
      { since: 0, check: procMount },
      { since: 35, check: exceptOwnUsers(procMount) },
    ],
  },
  { id: "windowsHostProcess", versions: [{ since: 0, check: windowsHostProcess }] },
];
