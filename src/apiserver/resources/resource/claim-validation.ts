// Behaviour: validateResourceClaimSpec in k8s.io/kubernetes/pkg/apis/resource/validation, and AuthorizedForAdmin in pkg/registry/resource.
import { type FieldError, FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type { Namespace } from "../../../api/generated/types/core/v1.ts";
import type {
  DeviceClaim,
  DeviceClaimConfiguration,
  DeviceConstraint,
  DeviceRequest,
  DeviceSubRequest,
  DeviceToleration,
  ExactDeviceRequest,
  ResourceClaimSpec,
} from "../../../api/generated/types/resource/v1.ts";
import { isQualifiedName, isValidLabelValue } from "../../../api/name-validation.ts";
import { namespaces } from "../../../api/resource-refs.ts";
import type { RequestContext } from "../../resource.ts";
import { dnsLabel, dnsSubdomain, invalidEach, oneOf, requiredOneOf } from "../shared/field-checks.ts";
import { validateSet, validateSlice } from "./collections.ts";
import { fullAttributeName } from "./device-names.ts";
import { validateConfiguration, validateSelectors } from "./selector-validation.ts";

/** The most requests that a claim can have; configurations and constraints too. */
export const MAX_REQUESTS = 32;
const MAX_ALTERNATIVES = 8;
const EFFECTS = ["NoExecute", "NoSchedule", "None"];
const ADMIN_LABEL = "resource.kubernetes.io/admin-access";
const REFERENCE_RULE = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

/** What is wrong with a claim's spec. */
export function validateClaimSpec({ devices }: ResourceClaimSpec, specPath: FieldPath): FieldError[] {
  const path = specPath.child("devices");
  const names = requestNames(devices);
  return [
    ...validateSet(devices.requests, MAX_REQUESTS, validateRequest, ({ name }) => name, path.child("requests")),
    ...validateSlice(devices.constraints, MAX_REQUESTS, (constraint, at) => validateConstraint(constraint, names, at), path.child("constraints")),
    ...validateSlice(devices.config, MAX_REQUESTS, (config, at) => validateClaimConfiguration(config, names, at), path.child("config")),
  ];
}

/** Devices in use by others are for namespaces that may have them. */
export function validateAdminAccess({ devices }: ResourceClaimSpec, context: RequestContext): FieldError[] {
  const index = (devices.requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess === true);
  if (index === -1 || context.lookup<Namespace>(namespaces, "", context.namespace)?.metadata.labels?.[ADMIN_LABEL] === "true") return [];
  const path = new FieldPath("spec").child("devices", "requests").index(index).child("adminAccess");
  return [forbiddenField(path, `admin access to devices requires the \`${ADMIN_LABEL}: true\` label on the containing namespace`)];
}

/** The names by which requests can be referred to: "r", and "r/s" for its alternatives. */
export function requestNames({ requests }: DeviceClaim): ReadonlySet<string> {
  return new Set((requests ?? []).flatMap(({ name, firstAvailable = [] }) => [name, ...firstAvailable.map((alternative) => `${name}/${alternative.name}`)]));
}

/** The name is that of a request of the claim. */
export function requestReference(name: string, names: ReadonlySet<string>, path: FieldPath): FieldError[] {
  const segments = name.split("/");
  if (segments.length > 2) return [invalidValue(path, name, REFERENCE_RULE)];
  return [...segments.flatMap((segment) => dnsLabel(segment, path)), ...(names.has(name) ? [] : [invalidValue(path, name, REFERENCE_RULE)])];
}

/** The configuration of some requests: of each once. */
export function validateClaimConfiguration(config: DeviceClaimConfiguration, names: ReadonlySet<string>, path: FieldPath): FieldError[] {
  return [...validateReferences(config.requests, names, path.child("requests")), ...validateConfiguration(config, path)];
}

function validateReferences(requests: readonly string[] | undefined, names: ReadonlySet<string>, path: FieldPath): FieldError[] {
  return validateSet(requests, MAX_REQUESTS, (name, at) => requestReference(name, names, at), (name) => name, path);
}

function validateRequest({ name, exactly, firstAvailable = [] }: DeviceRequest, path: FieldPath): FieldError[] {
  const errors = dnsLabel(name, path.child("name"));
  if (exactly === undefined && firstAvailable.length === 0) return [...errors, requiredValue(path, "exactly one of `exactly` or `firstAvailable` is required")];
  if (exactly !== undefined && firstAvailable.length > 0) {
    return [...errors, invalidValue(path, null, "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set")];
  }
  if (exactly !== undefined) return [...errors, ...validateDevices(exactly, path.child("exactly"))];
  return [
    ...errors,
    ...validateSet(firstAvailable, MAX_ALTERNATIVES, (request, at) => [...dnsLabel(request.name, at.child("name")), ...validateDevices(request, at)], (request) => request.name, path.child("firstAvailable")),
  ];
}

function validateDevices({ deviceClassName, selectors, allocationMode = "", count = 0, tolerations = [] }: ExactDeviceRequest | DeviceSubRequest, path: FieldPath): FieldError[] {
  const classPath = path.child("deviceClassName");
  return [
    ...(deviceClassName === "" ? [requiredValue(classPath)] : dnsSubdomain(deviceClassName, classPath)),
    ...validateSelectors(selectors, path.child("selectors")),
    ...validateCount(allocationMode, count, path),
    ...tolerations.flatMap((toleration, index) => validateToleration(toleration, path.child("tolerations").index(index))),
  ];
}

function validateCount(mode: string, count: number, path: FieldPath): FieldError[] {
  const at = path.child("count");
  switch (mode) {
    case "All":
      return count === 0 ? [] : [invalidValue(at, count, "must not be specified when allocationMode is 'All'")];
    case "ExactCount":
      return count > 0 ? [] : [invalidValue(at, count, "must be greater than zero")];
    default:
      return [notSupportedValue(path.child("allocationMode"), mode, ["All", "ExactCount"])];
  }
}

function validateToleration({ key, operator = "", value = "", effect }: DeviceToleration, path: FieldPath): FieldError[] {
  const valuePath = path.child("value");
  const errors = key ? invalidEach(path.child("key"), key, isQualifiedName(key)) : [];
  if (operator === "Exists" && value !== "") errors.push(invalidValue(valuePath, value, "must be empty for operator `Exists`"));
  if (operator === "Equal") errors.push(...invalidEach(valuePath, value, isValidLabelValue(value)));
  errors.push(...requiredOneOf(operator, ["Equal", "Exists"], path.child("operator")));
  return effect ? [...errors, ...oneOf(effect, EFFECTS, path.child("effect"))] : errors;
}

function validateConstraint({ requests, matchAttribute, distinctAttribute }: DeviceConstraint, names: ReadonlySet<string>, path: FieldPath): FieldError[] {
  const errors = validateReferences(requests, names, path.child("requests"));
  if (matchAttribute !== undefined) return [...errors, ...fullAttributeName(matchAttribute, path.child("matchAttribute"))];
  if (distinctAttribute !== undefined) return [...errors, ...fullAttributeName(distinctAttribute, path.child("distinctAttribute"))];
  return [...errors, requiredValue(path, 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set')];
}
