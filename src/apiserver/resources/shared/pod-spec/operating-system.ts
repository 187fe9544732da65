// Behaviour: validateOS, validateLinux and validateWindows in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, forbiddenField, notSupportedValue, requiredValue } from "../../../../api/field-errors.ts";
import type { PodSecurityContext, PodSpec, SecurityContext } from "../../../../api/generated/types/core/v1.ts";
import { allContainers } from "../containers.ts";

/** What a pod that is bound to an operating system cannot have. */
export function validateOperatingSystem(spec: PodSpec, path: FieldPath): FieldError[] {
  if (spec.os === undefined) return [];
  const { name } = spec.os;
  const at = path.child("os");
  if (!name) return [requiredValue(at.child("name"))];
  if (name !== "linux" && name !== "windows") return [notSupportedValue(at, name, ["linux", "windows"])];
  return name === "linux" ? validateLinux(spec, path) : validateWindows(spec, path);
}

function validateLinux(spec: PodSpec, path: FieldPath): FieldError[] {
  const places = [
    { context: spec.securityContext, at: path },
    ...allContainers(spec, path).map(({ container, path: at }) => ({ context: container.securityContext, at })),
  ];
  return places
    .filter(({ context }) => context?.windowsOptions !== undefined)
    .map(({ at }) => forbiddenField(at.child("securityContext", "windowsOptions"), "windows options cannot be set for a linux pod"));
}

type PodCheck = readonly [where: string, isSet: (context: PodSecurityContext, spec: PodSpec) => boolean];

const POD_FIELDS: readonly PodCheck[] = [
  ["securityContext.appArmorProfile", (context) => context.appArmorProfile !== undefined],
  ["securityContext.seLinuxOptions", (context) => context.seLinuxOptions !== undefined],
  ["hostUsers", (_, spec) => spec.hostUsers !== undefined],
  ["hostPID", (_, spec) => spec.hostPID === true],
  ["hostIPC", (_, spec) => spec.hostIPC === true],
  ["securityContext.seccompProfile", (context) => context.seccompProfile !== undefined],
  ["securityContext.fsGroup", (context) => context.fsGroup !== undefined],
  ["securityContext.fsGroupChangePolicy", (context) => context.fsGroupChangePolicy !== undefined],
  ["securityContext.sysctls", (context) => (context.sysctls ?? []).length > 0],
  ["shareProcessNamespace", (_, spec) => spec.shareProcessNamespace !== undefined],
  ["securityContext.runAsUser", (context) => context.runAsUser !== undefined],
  ["securityContext.runAsGroup", (context) => context.runAsGroup !== undefined],
  ["securityContext.supplementalGroups", (context) => context.supplementalGroups !== undefined],
  ["securityContext.supplementalGroupsPolicy", (context) => context.supplementalGroupsPolicy !== undefined],
  ["securityContext.seLinuxChangePolicy", (context) => context.seLinuxChangePolicy !== undefined],
];

const CONTAINER_FIELDS: readonly (keyof SecurityContext)[] = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
];

function validateWindows(spec: PodSpec, path: FieldPath): FieldError[] {
  const detail = "cannot be set for a windows pod";
  const pod = POD_FIELDS.filter(([, isSet]) => isSet(spec.securityContext ?? {}, spec)).map(([where]) => forbiddenField(path.child(where), detail));
  const containers = allContainers(spec, path).flatMap(({ container, path: at }) =>
    CONTAINER_FIELDS.filter((field) => container.securityContext?.[field] !== undefined).map((field) => forbiddenField(at.child("securityContext", field), detail)),
  );
  return [...pod, ...containers];
}
