import { describe, expect, it } from "vitest";
import { create, row } from "../shared/test-requests.ts";
import { apiServiceResource } from "./api-service.ts";

const spec = { group: "g.io", version: "v1", groupPriorityMinimum: 100, versionPriority: 10 };
const service = (change: object, name = "v1.g.io") => create(apiServiceResource, { metadata: { name }, spec: { ...spec, ...change } });

describe("API services", () => {
  it("that are served here are available", () => {
    const { object, errors } = service({});
    expect(errors).toEqual([]);
    expect(row(apiServiceResource, object)).toMatchObject({ Service: "Local", Available: "True" });
  });

  it.each<[string, object, string[]]>([
    ["a certificate, without a service", { caBundle: "eA==" }, ['spec.caBundle: Invalid value: "1 bytes": local APIServices may not have a caBundle']],
    ["no name of a service", { service: { namespace: "n" } }, ["spec.service.name: Required value"]],
    ["no priority", { versionPriority: 0 }, ["spec.versionPriority: Invalid value: 0: must be positive and less than 1000"]],
  ])("are refused with %s", (_name, change, errors) => {
    expect(service(change).errors).toEqual(errors);
  });

  it("are named by their version and group", () => {
    expect(service({}, "x").errors).toEqual(['metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: "v1.g.io"']);
  });
});
