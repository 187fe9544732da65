// Behaviour: k8s.io/pod-security-admission/policy check_{appArmorProfile,seLinuxOptions,sysctls}.go.
import type { SELinuxOptions } from "../../../api/generated/types/core/v1.ts";
import { type Check, type CheckFunction, containersOf, plural, quoted, setters, sortedSet } from "./check.ts";

const APP_ARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
const APP_ARMOR_TYPES = ["RuntimeDefault", "Localhost"];
const SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t"];
const SAFE_SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
];
const SAFE_SINCE_27 = [...SAFE_SYSCTLS, "net.ipv4.ip_local_reserved_ports"];
const SAFE_SINCE_29 = [...SAFE_SINCE_27, "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"];
const SAFE_SINCE_32 = [...SAFE_SINCE_29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];

const appArmor: CheckFunction = ({ annotations, spec }) => {
  const ofPod = spec.securityContext?.appArmorProfile;
  const badPod = ofPod !== undefined && !APP_ARMOR_TYPES.includes(ofPod.type);
  const bad = containersOf(spec).filter(({ securityContext }) => securityContext?.appArmorProfile !== undefined && !APP_ARMOR_TYPES.includes(securityContext.appArmorProfile.type));
  const isForbidden = ([key, value]: [string, string]) => key.startsWith(APP_ARMOR_ANNOTATION) && value !== "" && value !== "runtime/default" && !value.startsWith("localhost/");
  const forbidden = Object.entries(annotations).filter(isForbidden).map(([key, value]) => `${key}=${JSON.stringify(value)}`).sort();
  const who = [...setters(badPod, bad.map(({ name }) => name)), ...(forbidden.length > 0 ? [plural("annotation", forbidden.length)] : [])];
  if (who.length === 0) return undefined;
  const types = sortedSet([...(badPod ? [ofPod.type] : []), ...bad.map(({ securityContext }) => securityContext?.appArmorProfile?.type ?? "")]);
  const values = [...types, ...forbidden];
  return { reason: plural("forbidden AppArmor profile", values.length), detail: `${who.join(" and ")} must not set AppArmor profile type to ${quoted(values)}` };
};

function seLinux(allowed: readonly string[]): CheckFunction {
  const isBad = (options: SELinuxOptions | undefined): options is SELinuxOptions =>
    options !== undefined && (!allowed.includes(options.type ?? "") || !!options.user || !!options.role);
  return ({ spec }) => {
    const ofPod = spec.securityContext?.seLinuxOptions;
    const bad = containersOf(spec).filter(({ securityContext }) => isBad(securityContext?.seLinuxOptions));
    const who = setters(isBad(ofPod), bad.map(({ name }) => name));
    if (who.length === 0) return undefined;
    const options = [ofPod, ...bad.map(({ securityContext }) => securityContext?.seLinuxOptions)].filter(isBad);
    const types = sortedSet(options.map(({ type }) => type ?? "").filter((type) => !allowed.includes(type)));
    const data = [
      ...(types.length > 0 ? [`${plural("type", types.length)} ${quoted(types)}`] : []),
      ...(options.some(({ user }) => !!user) ? ["user may not be set"] : []),
      ...(options.some(({ role }) => !!role) ? ["role may not be set"] : []),
    ];
    return { reason: "seLinuxOptions", detail: `${who.join(" and ")} set forbidden securityContext.seLinuxOptions: ${data.join("; ")}` };
  };
}

function sysctls(safe: readonly string[]): CheckFunction {
  return ({ spec }) => {
    const unsafe = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !safe.includes(name));
    return unsafe.length === 0 ? undefined : { reason: "forbidden sysctls", detail: unsafe.join(", ") };
  };
}

/** Mandatory access control and kernel parameters. */
export const profileChecks: readonly Check[] = [
  { id: "appArmorProfile", versions: [{ since: 0, check: appArmor }] },
  {
    id: "seLinuxOptions",
    versions: [
      { since: 0, check: seLinux(SELINUX_TYPES) },
      { since: 31, check: seLinux([...SELINUX_TYPES, "container_engine_t"]) },
    ],
  },
  {
    id: "sysctls",
    versions: [
      { since: 0, check: sysctls(SAFE_SYSCTLS) },
      { since: 27, check: sysctls(SAFE_SINCE_27) },
      { since: 29, check: sysctls(SAFE_SINCE_29) },
      { since: 32, check: sysctls(SAFE_SINCE_32) },
    ],
  },
];
