// Behaviour: validateDevice in k8s.io/kubernetes/pkg/apis/resource/validation.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, requiredValue, tooLongValue } from "../../../api/field-errors.ts";
import type { Device, DeviceAttribute, DeviceCapacity, DeviceCounterConsumption, DeviceTaint } from "../../../api/generated/types/resource/v1.ts";
import { byteLength, isQualifiedName, isValidLabelValue } from "../../../api/name-validation.ts";
import { dnsLabel, dnsSubdomain, invalidEach, requiredOneOf } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { validateNodeSelector } from "../shared/pod-spec/affinity.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { validateBindingConditions } from "./binding-conditions.ts";
import { validateMap, validateSet, validateSlice } from "./collections.ts";
import { attributeName } from "./device-names.ts";
import { validateRequestPolicy } from "./request-policy-validation.ts";

const MAX_ATTRIBUTES = 32;
const MAX_ATTRIBUTE_VALUES = 48;
const MAX_VALUE_BYTES = 64;
const MAX_KEY = 63 + 1 + 32;
const MAX_TAINTS = 16;
const MAX_CONSUMPTIONS = 2;
const MAX_COUNTERS = 32;
const MAX_LABEL = 63;
const UNLIMITED = Number.POSITIVE_INFINITY;
const EFFECTS = ["NoExecute", "NoSchedule", "None"];
const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;
const ONE_PLACE = "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";

/** What is wrong with a device; taints that stay are not looked at again. */
export function validateDevice(device: Device, old: Device | undefined, ownPlace: boolean, path: FieldPath): FieldError[] {
  const { attributes = {}, capacity = {}, taints, consumesCounters, allowMultipleAllocations = false } = device;
  const total = Object.keys(attributes).length + Object.keys(capacity).length;
  const values = Object.keys(attributes).length;
  const keys = { max: UNLIMITED, keyLength: MAX_KEY };
  return [
    ...dnsLabel(device.name, path.child("name")),
    ...(total > MAX_ATTRIBUTES ? [invalidValue(path, total, `the total number of attributes and capacities must not exceed ${MAX_ATTRIBUTES}`)] : []),
    ...(values > MAX_ATTRIBUTE_VALUES ? [invalidValue(path, values, `the total number of attribute values must not exceed ${MAX_ATTRIBUTE_VALUES}`)] : []),
    ...validateMap(attributes, keys, { key: attributeName, value: validateAttribute }, path.child("attributes")),
    ...validateMap(capacity, keys, { key: attributeName, value: (amount, at) => validateCapacity(amount, allowMultipleAllocations, at) }, path.child("capacity")),
    ...(old !== undefined && semanticEqual(old.taints, taints) ? [] : validateSlice(taints, MAX_TAINTS, validateTaint, path.child("taints"))),
    ...validateSet(consumesCounters, MAX_CONSUMPTIONS, validateConsumption, ({ counterSet }) => counterSet, path.child("consumesCounters")),
    ...validatePlace(device, ownPlace, path),
    ...validateBindingConditions(device, path),
  ];
}

function validateAttribute(attribute: DeviceAttribute, path: FieldPath): FieldError[] {
  const { string, version } = attribute;
  const errors: FieldError[] = [];
  if (string !== undefined && byteLength(string) > MAX_VALUE_BYTES) errors.push(tooLongValue(path.child("string"), MAX_VALUE_BYTES));
  if (version !== undefined) {
    if (!SEMVER.test(version)) errors.push(invalidValue(path.child("version"), version, "must be a string compatible with semver.org spec 2.0.0"));
    if (byteLength(version) > MAX_VALUE_BYTES) errors.push(tooLongValue(path.child("version"), MAX_VALUE_BYTES));
  }
  const count = Object.values(attribute).filter((value) => value !== undefined).length;
  if (count === 1) return errors;
  return [...errors, invalidValue(path, count === 0 ? "" : internalForm("resource.v1.DeviceAttribute", attribute), "exactly one value must be specified")];
}

function validateCapacity({ value, requestPolicy }: DeviceCapacity, shared: boolean, path: FieldPath): FieldError[] {
  if (requestPolicy === undefined) return [];
  const at = path.child("requestPolicy");
  return shared ? validateRequestPolicy(requestPolicy, value, at) : [forbiddenField(at, "allowMultipleAllocations must be true")];
}

function validateTaint({ key, value, effect }: DeviceTaint, path: FieldPath): FieldError[] {
  return [
    ...invalidEach(path.child("key"), key, isQualifiedName(key)),
    ...(value ? invalidEach(path.child("value"), value, isValidLabelValue(value)) : []),
    ...requiredOneOf(effect, EFFECTS, path.child("effect")),
  ];
}

function validateConsumption({ counterSet, counters = {} }: DeviceCounterConsumption, path: FieldPath): FieldError[] {
  const [setPath, countersPath] = [path.child("counterSet"), path.child("counters")];
  return [
    ...(counterSet === "" ? [requiredValue(setPath)] : dnsLabel(counterSet, setPath)),
    ...(Object.keys(counters).length === 0 ? [requiredValue(countersPath)] : validateMap(counters, { max: MAX_COUNTERS, keyLength: MAX_LABEL }, { key: dnsLabel, value: () => [] }, countersPath)),
  ];
}

function validatePlace({ nodeName, nodeSelector, allNodes }: Device, ownPlace: boolean, path: FieldPath): FieldError[] {
  if (!ownPlace) {
    const isSet = nodeName !== undefined || nodeSelector !== undefined || allNodes !== undefined;
    return isSet ? [invalidValue(path, null, "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec")] : [];
  }
  const errors: FieldError[] = [];
  if (nodeName !== undefined) errors.push(...(nodeName === "" ? [invalidValue(path.child("nodeName"), nodeName, "must not be empty")] : dnsSubdomain(nodeName, path.child("nodeName"))));
  if (nodeSelector !== undefined) errors.push(...validateNodeSelector(nodeSelector, path.child("nodeSelector")));
  if (allNodes === false) errors.push(invalidValue(path.child("allNodes"), false, "must be either unset or set to true"));
  const places = Object.entries({ nodeName, nodeSelector, allNodes }).flatMap(([field, value]) => (value ? [`\`${field}\``] : []));
  if (places.length === 0) errors.push(requiredValue(path, ONE_PLACE));
  if (places.length > 1) errors.push(invalidValue(path, `{${places.join(", ")}}`, ONE_PLACE));
  return errors;
}
