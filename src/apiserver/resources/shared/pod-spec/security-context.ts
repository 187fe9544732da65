// Behaviour: ValidateSecurityContext and validatePodSpecSecurityContext in k8s.io/kubernetes/pkg/apis/core/validation.
import { duplicateValue, type FieldError, type FieldPath, invalidValue, notSupportedValue, requiredValue } from "../../../../api/field-errors.ts";
import type { PodSecurityContext, PodSpec, SeccompProfile, SecurityContext, Sysctl } from "../../../../api/generated/types/core/v1.ts";
import { isValidUserID } from "../../../../api/name-validation.ts";
import { invalidEach, oneOf } from "../field-checks.ts";
import { internalForm } from "../internal-form.ts";
import { validateAppArmorProfile } from "./app-armor-profile.ts";
import { descendingPath } from "./paths.ts";
import { validateWindowsOptions } from "./windows-options.ts";

const PROFILE_TYPES = ["Localhost", "RuntimeDefault", "Unconfined"];
const SYSCTL_SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const SYSCTL = `^(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}$`;
const MAX_SYSCTL_BYTES = 253;

/** A user's or group's number. */
function userId(id: number | undefined, path: FieldPath): FieldError[] {
  return id === undefined ? [] : invalidEach(path, id, isValidUserID(id));
}

/** The security context of a container; `hostUsers` says whether it has the node's users. */
export function validateSecurityContext(context: SecurityContext | undefined, path: FieldPath, hostUsers: boolean): FieldError[] {
  if (context === undefined) return [];
  const { procMount, allowPrivilegeEscalation, privileged, capabilities } = context;
  const errors = [...userId(context.runAsUser, path.child("runAsUser")), ...userId(context.runAsGroup, path.child("runAsGroup"))];
  if (procMount !== undefined) errors.push(...oneOf(procMount, ["Default", "Unmasked"], path.child("procMount")));
  if (procMount === "Unmasked" && hostUsers) errors.push(invalidValue(path.child("procMount"), procMount, "`hostUsers` must be false to use `Unmasked`"));
  errors.push(...validateSeccompProfile(context.seccompProfile, path.child("seccompProfile")));
  if (allowPrivilegeEscalation === false) {
    const shown = internalForm("core.v1.SecurityContext", context);
    if (privileged === true) errors.push(invalidValue(path, shown, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
    const admins = (capabilities?.add ?? []).filter((capability) => capability === "CAP_SYS_ADMIN");
    errors.push(...admins.map(() => invalidValue(path, shown, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")));
  }
  return [...errors, ...validateWindowsOptions(context.windowsOptions, path.child("windowsOptions")), ...validateAppArmorProfile(context.appArmorProfile, path.child("appArmorProfile"))];
}

/** The security context of a pod, with the host's namespaces that stand beside it. */
export function validatePodSecurityContext(spec: PodSpec, path: FieldPath): FieldError[] {
  const context = spec.securityContext ?? {};
  const errors = [
    ...userId(context.fsGroup, path.child("fsGroup")),
    ...userId(context.runAsUser, path.child("runAsUser")),
    ...userId(context.runAsGroup, path.child("runAsGroup")),
    ...(context.supplementalGroups ?? []).flatMap((group, index) => userId(group, path.child("supplementalGroups").index(index))),
  ];
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    errors.push(invalidValue(path.child("shareProcessNamespace"), true, "ShareProcessNamespace and HostPID cannot both be enabled"));
  }
  errors.push(...validateSysctls(context.sysctls ?? [], spec, path.child("sysctls")));
  if (context.fsGroupChangePolicy !== undefined) errors.push(...oneOf(context.fsGroupChangePolicy, ["Always", "OnRootMismatch"], path.child("fsGroupChangePolicy")));
  return [
    ...errors,
    ...validateSeccompProfile(context.seccompProfile, path.child("seccompProfile")),
    ...validateWindowsOptions(context.windowsOptions, path.child("windowsOptions")),
    ...validateAppArmorProfile(context.appArmorProfile, path.child("appArmorProfile")),
    ...validatePolicies(context, path),
  ];
}

function validatePolicies({ seLinuxChangePolicy, supplementalGroupsPolicy }: PodSecurityContext, path: FieldPath): FieldError[] {
  return [
    ...(supplementalGroupsPolicy === undefined ? [] : oneOf(supplementalGroupsPolicy, ["Merge", "Strict"], path.child("supplementalGroupsPolicy"))),
    ...(seLinuxChangePolicy === undefined ? [] : oneOf(seLinuxChangePolicy, ["Recursive"], path.child("seLinuxChangePolicy"))),
  ];
}

function validateSysctls(sysctls: readonly Sysctl[], spec: PodSpec, path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return sysctls.flatMap(({ name }, index) => {
    const at = path.index(index).child("name");
    const errors: FieldError[] = [];
    if (!name) errors.push(requiredValue(at));
    else if (name.length > MAX_SYSCTL_BYTES || !new RegExp(SYSCTL).test(name)) errors.push(invalidValue(at, name, `must have at most ${MAX_SYSCTL_BYTES} characters and match regex ${SYSCTL}`));
    else if (seen.has(name)) errors.push(duplicateValue(at, name));
    seen.add(name);
    const namespace = sysctlNamespace(name);
    if (spec.hostNetwork === true && namespace === "net") errors.push(invalidValue(at, name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC === true && namespace === "ipc") errors.push(invalidValue(at, name, "may not be specified when 'hostIPC' is true"));
    return errors;
  });
}

const IPC_SYSCTLS = new Set(["sem", "shmall", "shmmax", "shmmni", "shm_rmid_forced", "shm", "msgmax", "msgmnb", "msgmni", "msg"].map((name) => `kernel.${name}`));

/** The kernel's namespace that a setting belongs to. */
function sysctlNamespace(name: string): "ipc" | "net" | undefined {
  const dotted = dotsOf(name);
  if (IPC_SYSCTLS.has(dotted) || dotted.startsWith("fs.mqueue.")) return "ipc";
  return dotted.startsWith("net.") ? "net" : undefined;
}

/** A name whose first separator is a slash has slashes and dots the other way round. */
function dotsOf(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  return first === "/" ? name.replaceAll(/[./]/g, (separator) => (separator === "/" ? "." : "/")) : name;
}

/** A seccomp profile, of a pod or a container. */
export function validateSeccompProfile(profile: SeccompProfile | undefined, path: FieldPath): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile } = profile;
  const errors: FieldError[] = [];
  if (!type) errors.push(requiredValue(path.child("type"), "type is required when seccompProfile is set"));
  else if (!PROFILE_TYPES.includes(type)) errors.push(notSupportedValue(path.child("type"), type, PROFILE_TYPES));
  const at = path.child("localhostProfile");
  if (type !== "Localhost") {
    return localhostProfile === undefined ? errors : [...errors, invalidValue(at, internalForm("core.v1.SeccompProfile", profile), "can only be set when seccomp type is Localhost")];
  }
  return [...errors, ...(localhostProfile === undefined ? [requiredValue(at, "must be set when seccomp type is Localhost")] : descendingPath(localhostProfile, at))];
}
