// Behaviour: validateResourceClaimStatusUpdate in k8s.io/kubernetes/pkg/apis/resource/validation.
import { type FieldError, FieldPath, forbiddenField, invalidValue, tooLongValue, tooManyItems } from "../../../api/field-errors.ts";
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
  NetworkDeviceData,
  ResourceClaim,
  ResourceClaimConsumerReference,
} from "../../../api/generated/types/resource/v1.ts";
import { byteLength, isValidCIDR } from "../../../api/name-validation.ts";
import { canonicalIP } from "../shared/addresses.ts";
import { validateConditions } from "../shared/conditions.ts";
import { dnsLabel, immutable, required, requiredOneOf } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { validateNodeSelector } from "../shared/pod-spec/affinity.ts";
import { validateDriverName } from "../shared/pod-spec/storage-sources.ts";
import { validateBindingConditions } from "./binding-conditions.ts";
import { MAX_REQUESTS, requestNames, requestReference, validateClaimConfiguration } from "./claim-validation.ts";
import { validateSet, validateSlice } from "./collections.ts";
import { poolName, shareID } from "./device-names.ts";
import { rawObject } from "./selector-validation.ts";

const STATUS = new FieldPath("status");
const MAX_CONSUMERS = 256;
const MAX_CONDITIONS = 8;
const MAX_DATA_BYTES = 10 * 1024;
const MAX_ADDRESSES = 16;
const MAX_INTERFACE_NAME = 256;
const MAX_HARDWARE_ADDRESS = 128;

/** What is wrong with a claim's status: what was allocated stays, and what is reserved is allocated. */
export function validateClaimStatus(next: ResourceClaim, old: ResourceClaim): FieldError[] {
  const { allocation, reservedFor = [], devices } = next.status;
  const reservedPath = STATUS.child("reservedFor");
  const allocated = new Set((allocation?.devices.results ?? []).map(deviceKey));
  const errors = [
    ...validateSet(reservedFor, MAX_CONSUMERS, validateConsumer, ({ uid }) => uid, reservedPath),
    ...validateSet(devices, Number.POSITIVE_INFINITY, (device, path) => validateDevice(device, allocated, path), deviceKey, STATUS.child("devices")),
  ];
  if (reservedFor.length > 0 && allocation === undefined) errors.push(forbiddenField(reservedPath, "may not be specified when `allocated` is not set"));
  const before = new Set((old.status.reservedFor ?? []).map((consumer) => JSON.stringify(consumer)));
  if (allocation !== undefined && next.metadata.deletionTimestamp !== undefined && reservedFor.some((consumer) => !before.has(JSON.stringify(consumer)))) {
    errors.push(forbiddenField(reservedPath, "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set"));
  }
  if (allocation === undefined) return errors;
  const path = STATUS.child("allocation");
  if (old.status.allocation !== undefined) return [...errors, ...immutable(allocation, old.status.allocation, path, internalForm("resource.v1.AllocationResult", allocation))];
  return [...errors, ...validateAllocation(allocation, requestNames(next.spec.devices), path)];
}

function deviceKey({ driver, pool, device, shareID: share = "" }: { driver: string; pool: string; device: string; shareID?: string }): string {
  return [driver, pool, device, ...(share === "" ? [] : [share])].join("/");
}

function validateConsumer({ resource, name, uid }: ResourceClaimConsumerReference, path: FieldPath): FieldError[] {
  return [...required(resource, path.child("resource")), ...required(name, path.child("name")), ...required(uid, path.child("uid"))];
}

function validateAllocation({ devices, nodeSelector }: AllocationResult, names: ReadonlySet<string>, path: FieldPath): FieldError[] {
  const at = path.child("devices");
  return [
    ...validateSlice(devices.results, MAX_REQUESTS, (result, place) => validateResult(result, names, place), at.child("results")),
    ...validateSlice(devices.config, 2 * MAX_REQUESTS, (config, place) => validateAllocationConfiguration(config, names, place), at.child("config")),
    ...(nodeSelector === undefined ? [] : validateNodeSelector(nodeSelector, path.child("nodeSelector"))),
  ];
}

function validateResult(result: DeviceRequestAllocationResult, names: ReadonlySet<string>, path: FieldPath): FieldError[] {
  return [
    ...requestReference(result.request, names, path.child("request")),
    ...validateDriverName(result.driver, path.child("driver")),
    ...poolName(result.pool, path.child("pool")),
    ...dnsLabel(result.device, path.child("device")),
    ...validateBindingConditions(result, path),
    ...(result.shareID === undefined ? [] : shareID(result.shareID, path.child("shareID"))),
  ];
}

function validateAllocationConfiguration(config: DeviceAllocationConfiguration, names: ReadonlySet<string>, path: FieldPath): FieldError[] {
  return [...requiredOneOf(config.source, ["FromClaim", "FromClass"], path.child("source")), ...validateClaimConfiguration(config, names, path)];
}

function validateDevice(device: AllocatedDeviceStatus, allocated: ReadonlySet<string>, path: FieldPath): FieldError[] {
  const { driver, pool, shareID: share, conditions, data, networkData } = device;
  const list = conditions ?? [];
  const { device: name } = device;
  const shown = { Driver: driver, Pool: pool, Device: name, ...(share !== undefined && { ShareID: share }) };
  return [
    ...validateDriverName(driver, path.child("driver")),
    ...poolName(pool, path.child("pool")),
    ...dnsLabel(name, path.child("device")),
    ...(share === undefined ? [] : shareID(share, path.child("shareID"))),
    ...(allocated.has(deviceKey(device)) ? [] : [invalidValue(path, shown, "must be an allocated device in the claim")]),
    ...(list.length > MAX_CONDITIONS ? [tooManyItems(path.child("conditions"), list.length, MAX_CONDITIONS)] : []),
    ...validateConditions(list, path.child("conditions")),
    ...(data === undefined ? [] : rawObject(data, MAX_DATA_BYTES, path.child("data"))),
    ...(networkData === undefined ? [] : validateNetwork(networkData, path.child("networkData"))),
  ];
}

function validateNetwork({ interfaceName = "", hardwareAddress = "", ips }: NetworkDeviceData, path: FieldPath): FieldError[] {
  return [
    ...(byteLength(interfaceName) > MAX_INTERFACE_NAME ? [tooLongValue(path.child("interfaceName"), MAX_INTERFACE_NAME)] : []),
    ...(byteLength(hardwareAddress) > MAX_HARDWARE_ADDRESS ? [tooLongValue(path.child("hardwareAddress"), MAX_HARDWARE_ADDRESS)] : []),
    ...validateSet(ips, MAX_ADDRESSES, interfaceAddress, (address) => address, path.child("ips")),
  ];
}

/** An address of an interface, with the prefix of its network. */
function interfaceAddress(value: string, path: FieldPath): FieldError[] {
  if (isValidCIDR(value).length > 0) return [invalidValue(path, value, "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)")];
  const [address = "", length = ""] = value.split("/");
  const canonical = `${canonicalIP(address)}/${length}`;
  return canonical === value ? [] : [invalidValue(path, value, `must be in canonical form (${JSON.stringify(canonical)})`)];
}
