// Behaviour: validateContainers, validateInitContainers and validateEphemeralContainers in k8s.io/kubernetes/pkg/apis/core/validation.
import { duplicateValue, type FieldError, type FieldPath, forbiddenField, invalidValue, notFoundValue, notSupportedValue, requiredValue, tooManyItems } from "../../../../api/field-errors.ts";
import type { Container, ContainerPort, ContainerRestartRule, EphemeralContainer, PodSpec, Volume } from "../../../../api/generated/types/core/v1.ts";
import { isValidPortName } from "../../../../api/name-validation.ts";
import { dnsLabel, invalidEach, oneOf, portNumber, PROTOCOLS, requiredOneOf } from "../field-checks.ts";
import { validateEnv, validateEnvFrom } from "./env.ts";
import { validateLifecycleAndProbes } from "./probes.ts";
import { validateContainerResources } from "./resources.ts";
import { validateSecurityContext } from "./security-context.ts";
import { validateVolumeDevices, validateVolumeMounts } from "./volume-mounts.ts";

type AnyContainer = Container | EphemeralContainer;

/** What of the pod the checks of its containers need. */
export interface ContainerSurroundings {
  readonly spec: PodSpec;
  /** The pod's volumes that are all right. */
  readonly volumes: ReadonlyMap<string, Volume>;
  /** The names of the pod's resource claims. */
  readonly claims: ReadonlySet<string>;
}

/** The containers of a pod: at least one. */
export function validateContainers(surroundings: ContainerSurroundings, path: FieldPath): FieldError[] {
  const { spec } = surroundings;
  const containers = spec.containers ?? [];
  if (containers.length === 0) return [requiredValue(path)];
  const names = new Set<string>();
  const errors = containers.flatMap((container, index) => {
    const at = path.index(index);
    const own = validateCommon(container, surroundings, at);
    if (names.has(container.name)) own.push(duplicateValue(at.child("name"), container.name));
    names.add(container.name);
    return [...own, ...validateLifecycleAndProbes(container, spec.terminationGracePeriodSeconds, at), ...validateRestartPolicy(container, at)];
  });
  return [...errors, ...validateHostPorts(containers, path)];
}

/** The init containers of a pod; only those that run on beside the others have probes and hooks. */
export function validateInitContainers(surroundings: ContainerSurroundings, path: FieldPath): FieldError[] {
  const { spec } = surroundings;
  const names = new Set((spec.containers ?? []).map((container) => container.name));
  return (spec.initContainers ?? []).flatMap((container, index) => {
    const at = path.index(index);
    const sidecar = container.restartPolicy === "Always";
    const errors = [...validateCommon(container, surroundings, at), ...validateRestartPolicy(container, at)];
    if (names.has(container.name)) errors.push(duplicateValue(at.child("name"), container.name));
    else if (container.name !== "") names.add(container.name);
    errors.push(...validateHostPorts([container], path), ...(sidecar ? validateLifecycleAndProbes(container, spec.terminationGracePeriodSeconds, at) : validateNoProbes(container, at)));
    if (sidecar) return errors;
    const restarting = (container.resizePolicy ?? []).entries().filter(([, policy]) => policy.restartPolicy === "RestartContainer");
    const detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
    return [...errors, ...restarting.map(([place, policy]) => invalidValue(at.child("resizePolicy").index(place).child("restartPolicy"), policy.restartPolicy, detail))];
  });
}

function validateNoProbes(container: Container, path: FieldPath): FieldError[] {
  const given = (["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const).filter((field) => container[field] !== undefined);
  return given.map((field) => forbiddenField(path.child(field), "may not be set for init containers without restartPolicy=Always"));
}

/** What ephemeral containers cannot have, in Go's order of their fields. */
const NOT_EPHEMERAL = ["ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] as const;

/** The ephemeral containers of a pod, which have little of what others have. */
export function validateEphemeralContainers(surroundings: ContainerSurroundings, path: FieldPath): FieldError[] {
  const { spec } = surroundings;
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.name));
  const names = new Set(others);
  return (spec.ephemeralContainers ?? []).flatMap((container, index) => {
    const at = path.index(index);
    const detail = "cannot be set for an Ephemeral Container";
    const errors = [...validateCommon(container, surroundings, at), ...validateImageBlanks(container, at)];
    if (names.has(container.name)) errors.push(duplicateValue(at.child("name"), container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.has(target)) errors.push(notFoundValue(at.child("targetContainerName"), target));
    errors.push(...NOT_EPHEMERAL.filter((field) => isGiven(container[field])).map((field) => forbiddenField(at.child(field), detail)));
    for (const [place, mount] of (container.volumeMounts ?? []).entries()) {
      if (mount.subPath) errors.push(forbiddenField(at.child("volumeMounts").index(place).child("subPath"), detail));
      if (mount.subPathExpr) errors.push(forbiddenField(at.child("volumeMounts").index(place).child("subPathExpr"), detail));
    }
    return errors;
  });
}

function isGiven(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value === "object" ? Object.keys(value).length > 0 : true;
}

/** The image's name has no blanks around it: a rule for pods, not for templates. */
export function validateImageBlanks(container: AnyContainer, path: FieldPath): FieldError[] {
  const image = container.image ?? "";
  return image.trim() === image ? [] : [invalidValue(path.child("image"), image, "must not have leading or trailing whitespace")];
}

function validateCommon(container: AnyContainer, { spec, volumes, claims }: ContainerSurroundings, path: FieldPath): FieldError[] {
  return [
    ...(container.name ? dnsLabel(container.name, path.child("name")) : [requiredValue(path.child("name"))]),
    ...(container.image ? [] : [requiredValue(path.child("image"))]),
    ...requiredOneOf(container.terminationMessagePolicy, ["File", "FallbackToLogsOnError"], path.child("terminationMessagePolicy")),
    ...validatePorts(container.ports ?? [], path.child("ports")),
    ...validateEnv(container.env ?? [], path.child("env")),
    ...validateEnvFrom(container.envFrom ?? [], path.child("envFrom")),
    ...validateVolumeMounts(container, volumes, path.child("volumeMounts")),
    ...validateVolumeDevices(container, volumes, path.child("volumeDevices")),
    ...requiredOneOf(container.imagePullPolicy, ["Always", "IfNotPresent", "Never"], path.child("imagePullPolicy")),
    ...validateContainerResources(container.resources ?? {}, claims, path.child("resources")),
    ...validateResizePolicy(container, spec.restartPolicy, path.child("resizePolicy")),
    ...validateSecurityContext(container.securityContext, path.child("securityContext"), spec.hostUsers ?? true),
  ];
}

function validatePorts(ports: readonly ContainerPort[], path: FieldPath): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const at = path.index(index);
    const errors: FieldError[] = [];
    if (port.name) {
      const problems = isValidPortName(port.name);
      errors.push(...invalidEach(at.child("name"), port.name, problems));
      if (problems.length === 0 && names.has(port.name)) errors.push(duplicateValue(at.child("name"), port.name));
      if (problems.length === 0) names.add(port.name);
    }
    errors.push(...(port.containerPort === 0 ? [requiredValue(at.child("containerPort"))] : portNumber(port.containerPort, at.child("containerPort"))));
    if (port.hostPort) errors.push(...portNumber(port.hostPort, at.child("hostPort")));
    return [...errors, ...requiredOneOf(port.protocol, PROTOCOLS, at.child("protocol"))];
  });
}

/** No two containers take the same port of the node. */
function validateHostPorts(containers: readonly Container[], path: FieldPath): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap(({ protocol, hostIP, hostPort }, place) => {
      if (!hostPort) return [];
      const key = `${protocol}/${hostIP ?? ""}/${hostPort}`;
      if (taken.has(key)) return [duplicateValue(path.index(index).child("ports").index(place).child("hostPort"), key)];
      taken.add(key);
      return [];
    }),
  );
}

function validateResizePolicy({ resizePolicy = [] }: AnyContainer, podPolicy: string | undefined, path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return resizePolicy.flatMap(({ resourceName, restartPolicy }, index) => {
    const errors = seen.has(resourceName) ? [duplicateValue(path.index(index), resourceName)] : [];
    seen.add(resourceName);
    errors.push(...requiredOneOf(resourceName, ["cpu", "memory"], path), ...requiredOneOf(restartPolicy, ["NotRequired", "RestartContainer"], path));
    if (podPolicy === "Never" && restartPolicy !== "NotRequired") errors.push(invalidValue(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
    return errors;
  });
}

function validateRestartPolicy({ restartPolicy, restartPolicyRules = [] }: Container, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const at = path.child("restartPolicy");
  if (restartPolicy !== undefined) errors.push(...oneOf(restartPolicy, ["Always", "Never", "OnFailure"], at));
  else if (restartPolicyRules.length > 0) errors.push(requiredValue(at, "must specify restartPolicy when restart rules are used"));
  const rulesPath = path.child("restartPolicyRules");
  if (restartPolicyRules.length > 20) errors.push(tooManyItems(rulesPath, restartPolicyRules.length, 20));
  return [...errors, ...restartPolicyRules.flatMap((rule, index) => validateRestartRule(rule, rulesPath.index(index)))];
}

function validateRestartRule({ action, exitCodes }: ContainerRestartRule, path: FieldPath): FieldError[] {
  const actions = ["Restart", "RestartAllContainers"];
  const errors = actions.includes(action ?? "") ? [] : [notSupportedValue(path.child("action"), action ?? "", actions)];
  const at = path.child("exitCodes");
  if (exitCodes === undefined) return [...errors, requiredValue(at, "must be specified")];
  const count = (exitCodes.values ?? []).length;
  return [...errors, ...oneOf(exitCodes.operator, ["In", "NotIn"], at.child("operator")), ...(count > 255 ? [tooManyItems(at.child("values"), count, 255)] : [])];
}
