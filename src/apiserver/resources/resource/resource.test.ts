import { describe, expect, it } from "vitest";
import type { ResourceClaim, ResourceSlice } from "../../../api/generated/types/resource/v1.ts";
import { create, requestContext, row, update } from "../shared/test-requests.ts";
import { deviceClassResource } from "./device-class.ts";
import { resourceClaimResource } from "./resource-claim.ts";
import { resourceSliceResource } from "./resource-slice.ts";

const request = { name: "r", exactly: { deviceClassName: "c" } };
const claim = (devices: object) => create(resourceClaimResource, { spec: { devices: { requests: [request], ...devices } } });

describe("resource claims", () => {
  it("ask for one device, unless they say otherwise", () => {
    const { object, errors } = claim({});
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ spec: { devices: { requests: [{ exactly: { allocationMode: "ExactCount", count: 1 } }] } } });
    expect(row(resourceClaimResource, object)).toMatchObject({ State: "pending" });
  });

  it.each<[string, object, string[]]>([
    ["requests of one name", { requests: [request, request] }, ['spec.devices.requests[1]: Duplicate value: "r"']],
    ["a request for nothing", { requests: [{ name: "r" }] }, ["spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required"]],
    ["a constraint of unknown requests", { constraints: [{ requests: ["x"], matchAttribute: "a.b/c" }] }, [
      "spec.devices.constraints[0].requests[0]: Invalid value: \"x\": must be the name of a request in the claim or the name of a request and a subrequest separated by '/'",
    ]],
    ["an attribute without a domain", { constraints: [{ matchAttribute: "c" }] }, ['spec.devices.constraints[0].matchAttribute: Invalid value: "c": a fully qualified name must be a domain and a name separated by a slash']],
    ["devices in use by others", { requests: [{ ...request, exactly: { ...request.exactly, adminAccess: true } }] }, [
      "spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace",
    ]],
  ])("are refused with %s", (_name, devices, errors) => {
    expect(claim(devices).errors).toEqual(errors);
  });

  it("never change", () => {
    const errors = update(resourceClaimResource, claim({}).object, (next: ResourceClaim) => (next.spec.devices.requests = [])).errors;
    expect(errors).toEqual([expect.stringMatching(/^spec: Invalid value: \{"Devices":\{"Requests":\[\],.*: field is immutable$/)]);
  });

  it("lose the status of devices that are no longer theirs", () => {
    const old = claim({}).object as unknown as ResourceClaim;
    const device = { driver: "a.b", pool: "p", device: "d" };
    old.status = { allocation: { devices: { results: [{ request: "r", ...device }] } }, devices: [{ ...device, conditions: [] }] };
    const next = structuredClone(old);
    delete next.status.allocation;
    resourceClaimResource.status?.prepareForUpdate(next, old, requestContext());
    expect(next.status.devices).toBeUndefined();
  });
});

describe("device classes", () => {
  it("compile their selectors", () => {
    expect(create(deviceClassResource, { spec: { selectors: [{ cel: { expression: 'device.driver == "a.b"' } }] } }).errors).toEqual([]);
    expect(create(deviceClassResource, { spec: { selectors: [{}, { cel: { expression: "device." } }], extendedResourceName: "cpu" } }).errors).toEqual([
      "spec.selectors[0].cel: Required value",
      expect.stringContaining('spec.selectors[1].cel.expression: Invalid value: "device.": compilation failed'),
      'spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name',
    ]);
  });
});

describe("resource slices", () => {
  const spec = { driver: "a.b", nodeName: "n", pool: { name: "p", generation: 1, resourceSliceCount: 1 }, devices: [{ name: "d" }] };
  const slice = (change: object) => create(resourceSliceResource, { spec: { ...spec, ...change } });

  it("note when a device was tainted", () => {
    const { object, errors } = slice({ devices: [{ name: "d", taints: [{ key: "k", effect: "NoSchedule" }] }] });
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ spec: { devices: [{ taints: [{ timeAdded: expect.stringMatching(/Z$/) as unknown }] }] } });
  });

  it.each<[string, object, string[]]>([
    ["two places", { allNodes: true }, ['spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set']],
    ["an attribute of two values", { devices: [{ name: "d", attributes: { a: { int: 1, bool: true } } }] }, [expect.stringMatching(/^spec.devices\[0\].attributes\[a\]: Invalid value: .*: exactly one value must be specified$/) as unknown as string]],
    ["a version that is none", { devices: [{ name: "d", attributes: { a: { version: "1.0" } } }] }, ['spec.devices[0].attributes[a].version: Invalid value: "1.0": must be a string compatible with semver.org spec 2.0.0']],
    ["conditions of binding, but none of failing", { devices: [{ name: "d", bindingConditions: ["c"] }] }, ["spec.devices[0].bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to use bindingConditions"]],
    [
      "a preset that cannot be asked for",
      { devices: [{ name: "d", allowMultipleAllocations: true, capacity: { m: { value: "10", requestPolicy: { default: "3", validRange: { min: "2", step: "2" } } } } }] },
      ['spec.devices[0].capacity[m].requestPolicy.validRange.step: Invalid value: "3": value is not a multiple of a given step (2) from (2)'],
    ],
  ])("are refused with %s", (_name, change, errors) => {
    expect(slice(change).errors).toEqual(errors);
  });

  it("stay with their node", () => {
    expect(update(resourceSliceResource, slice({}).object, (next: ResourceSlice) => (next.spec.nodeName = "m")).errors).toEqual(['spec.nodeName: Invalid value: "m": field is immutable']);
  });
});
