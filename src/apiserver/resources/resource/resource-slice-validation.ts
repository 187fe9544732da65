// Behaviour: ValidateResourceSlice* in k8s.io/kubernetes/pkg/apis/resource/validation.
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { CounterSet, ResourcePool, ResourceSlice, ResourceSliceSpec } from "../../../api/generated/types/resource/v1.ts";
import { dnsLabel, dnsSubdomain, immutable, positive } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { isNew } from "../shared/new-object.ts";
import { validateNodeSelector } from "../shared/pod-spec/affinity.ts";
import { validateDriverName } from "../shared/pod-spec/storage-sources.ts";
import { validateMap, validateSet } from "./collections.ts";
import { poolName } from "./device-names.ts";
import { validateDevice } from "./device-validation.ts";

const SPEC = new FieldPath("spec");
const MAX_DEVICES = 128;
const MAX_ADVANCED_DEVICES = 64;
const MAX_COUNTER_SETS = 8;
const MAX_COUNTERS = 32;
const MAX_LABEL = 63;
const ONE_PLACE = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";

/** What is wrong with a new slice. */
export function validateResourceSlice(slice: ResourceSlice): FieldError[] {
  return isNew(slice) ? validateSpec(slice.spec, undefined) : [];
}

/** What is wrong with a slice that was there before: it stays with its driver, pool and node. */
export function validateResourceSliceUpdate(next: ResourceSlice, old: ResourceSlice): FieldError[] {
  return validateSpec(next.spec, old.spec);
}

function validateSpec(spec: ResourceSliceSpec, old: ResourceSliceSpec | undefined): FieldError[] {
  const { devices, sharedCounters, perDeviceNodeSelection = false } = spec;
  const isAdvanced = (devices ?? []).some(({ taints = [], consumesCounters = [] }) => taints.length + consumesCounters.length > 0);
  return [
    ...validateDriverName(spec.driver, SPEC.child("driver")),
    ...validatePool(spec.pool, SPEC.child("pool")),
    ...(old === undefined ? [] : unchangedParts(spec, old)),
    ...validatePlace(spec),
    ...(sharedCounters !== undefined && devices !== undefined ? [invalidValue(SPEC, "", "only one of `sharedCounters` or `devices` is allowed")] : []),
    ...validateSet(
      devices,
      isAdvanced ? MAX_ADVANCED_DEVICES : MAX_DEVICES,
      (device, path) => validateDevice(device, old?.devices?.find(({ name }) => name === device.name), perDeviceNodeSelection, path),
      ({ name }) => name,
      SPEC.child("devices"),
    ),
    ...validateSet(sharedCounters, MAX_COUNTER_SETS, validateCounterSet, ({ name }) => name, SPEC.child("sharedCounters")),
  ];
}

function unchangedParts(spec: ResourceSliceSpec, old: ResourceSliceSpec): FieldError[] {
  return [
    ...immutable(spec.pool.name, old.pool.name, SPEC.child("pool", "name")),
    ...immutable(spec.driver, old.driver, SPEC.child("driver")),
    ...(spec.nodeName === old.nodeName ? [] : immutable(spec.nodeName ?? null, old.nodeName ?? null, SPEC.child("nodeName"))),
  ];
}

function validatePool({ name, generation, resourceSliceCount }: ResourcePool, path: FieldPath): FieldError[] {
  return [
    ...poolName(name, path.child("name")),
    ...positive(resourceSliceCount, path.child("resourceSliceCount")),
    ...(generation < 0 ? [invalidValue(path.child("generation"), generation, "must be greater than or equal to zero")] : []),
  ];
}

/** The devices are at one node, at some, at all, or each says where it is. */
function validatePlace({ nodeName, nodeSelector, allNodes, perDeviceNodeSelection }: ResourceSliceSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (nodeName === "") errors.push(invalidValue(SPEC.child("nodeName"), nodeName, "must be either unset or set to a non-empty string"));
  else if (nodeName !== undefined) errors.push(...dnsSubdomain(nodeName, SPEC.child("nodeName")));
  if (nodeSelector !== undefined) {
    const path = SPEC.child("nodeSelector");
    const terms = nodeSelector.nodeSelectorTerms ?? [];
    errors.push(...validateNodeSelector(nodeSelector, path));
    if (terms.length !== 1) errors.push(invalidValue(path.child("nodeSelectorTerms"), terms.map((term) => internalForm("core.v1.NodeSelectorTerm", term)), "must have exactly one node selector term"));
  }
  if (allNodes === false) errors.push(invalidValue(SPEC.child("allNodes"), false, "must be either unset or set to true"));
  if (perDeviceNodeSelection === false) errors.push(invalidValue(SPEC.child("perDeviceNodeSelection"), false, "must be either unset or set to true"));
  const places = Object.entries({ nodeName, nodeSelector, allNodes, perDeviceNodeSelection }).flatMap(([field, value]) => (value ? [`\`${field}\``] : []));
  if (places.length === 0) errors.push(requiredValue(SPEC, ONE_PLACE));
  if (places.length > 1) errors.push(invalidValue(SPEC, `{${places.join(", ")}}`, `${ONE_PLACE}, but multiple fields are set`));
  return errors;
}

function validateCounterSet({ name, counters = {} }: CounterSet, path: FieldPath): FieldError[] {
  const at = path.child("counters");
  return [
    ...(name === "" ? [requiredValue(path.child("name"))] : dnsLabel(name, path.child("name"))),
    ...(Object.keys(counters).length === 0 ? [requiredValue(at)] : validateMap(counters, { max: MAX_COUNTERS, keyLength: MAX_LABEL }, { key: dnsLabel, value: () => [] }, at)),
  ];
}
