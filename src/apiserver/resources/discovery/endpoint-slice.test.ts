import { describe, expect, it } from "vitest";
import type { EndpointSlice } from "../../../api/generated/types/discovery/v1.ts";
import { create, row, update } from "../shared/test-requests.ts";
import { endpointSliceResource } from "./endpoint-slice.ts";

const slice = (fields: object) => create(endpointSliceResource, { addressType: "IPv4", endpoints: [{ addresses: ["10.0.0.1"] }], ports: [{ port: 80 }], ...fields });

describe("endpoint slices", () => {
  it("count changes of their endpoints and of their labels, not of their annotations", () => {
    const { object, errors } = slice({});
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ metadata: { generation: 1 }, ports: [{ name: "", protocol: "TCP" }] });
    expect(update(endpointSliceResource, object, (next: EndpointSlice) => (next.metadata.annotations = { a: "b" })).object.metadata.generation).toBe(1);
    expect(update(endpointSliceResource, object, (next: EndpointSlice) => (next.metadata.labels = { a: "b" })).object.metadata.generation).toBe(2);
  });

  it.each<[string, object, string[]]>([
    ["an address of another family", { endpoints: [{ addresses: ["fd00::1"] }] }, ['endpoints[0].addresses: Invalid value: "fd00::1": must be an IPv4 address']],
    ["an address of its own host", { endpoints: [{ addresses: ["127.0.0.1"] }] }, ['endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)']],
    ["no address", { endpoints: [{}] }, ["endpoints[0].addresses: Required value: must contain at least 1 address"]],
    ["ports of one name", { ports: [{ name: "a" }, { name: "a" }] }, ['ports[1].name: Duplicate value: "a"']],
    ["a short domain name", { addressType: "FQDN", endpoints: [{ addresses: ["host"] }] }, ['endpoints[0].addresses[0]: Invalid value: "host": should be a domain with at least two segments separated by dots']],
    ["a zone twice", { endpoints: [{ addresses: ["10.0.0.1"], hints: { forZones: [{ name: "z" }, { name: "z" }] } }] }, ['endpoints[0].hints.forZones[1].name: Duplicate value: "z"']],
  ])("are refused with %s", (_name, fields, errors) => {
    expect(slice(fields).errors).toEqual(errors);
  });

  it("show the first of their ports and addresses", () => {
    const { object } = slice({ ports: [], endpoints: ["1", "2", "3", "4"].map((last) => ({ addresses: [`10.0.0.${last}`] })) });
    expect(row(endpointSliceResource, object)).toMatchObject({ Ports: "<unset>", Endpoints: "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more..." });
  });
});
