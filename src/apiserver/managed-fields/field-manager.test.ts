import { beforeEach, describe, expect, it } from "vitest";
import { decodeTyped } from "../../api/decode.ts";
import { StatusError } from "../../api/errors.ts";
import type { ManagedFieldsEntry } from "../../api/generated/types/meta/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { LAST_APPLIED_ANNOTATION } from "../../api/patch/last-applied.ts";
import type { JsonObject } from "../../api/patch/json-value.ts";
import { type TypeSchema, typeSchema } from "../../api/schema.ts";
import { FakeClock } from "../../util/fake-clock.ts";
import { createFieldManager, managerOrUserAgent } from "./field-manager.ts";
import { fieldFilterOf } from "./reset-fields.ts";
import { parentManagedFields, scaleManagedFields } from "./scale.ts";
import { keepTimesUnlessChanged } from "./timestamps.ts";

const TYPES: Record<string, string> = { "apps/v1": "apps.v1.Deployment", v1: "core.v1.ConfigMap" };
const clock = new FakeClock(Date.UTC(2026, 0, 1));
const manager = createFieldManager({ clock, schemaOf: (apiVersion) => typeSchema(TYPES[apiVersion] ?? "") });

/** A store of one object, written as the server writes: tracked, decoded, stored. */
class Store {
  object: UnstructuredObject | undefined;
  private readonly apiVersion: string;
  private readonly kind: string;

  constructor(apiVersion: string, kind: string) {
    this.apiVersion = apiVersion;
    this.kind = kind;
  }

  write(by: string, object: JsonObject, subresource = ""): void {
    const next = this.decode({ apiVersion: this.apiVersion, kind: this.kind, ...object });
    const sent = (object["metadata"] as JsonObject | undefined)?.["managedFields"];
    if (Array.isArray(sent) && sent.length === 0) next.metadata.managedFields = [];
    const managedFields = manager.update({ live: this.object, next, manager: by, subresource, filter: this.filter(subresource) });
    this.store(next, managedFields);
  }

  apply(by: string, object: JsonObject, options: { force?: boolean; subresource?: string } = {}): void {
    const { force = false, subresource = "" } = options;
    const applied = { apiVersion: this.apiVersion, kind: this.kind, ...object };
    const request = { apiVersion: this.apiVersion, kind: this.kind, live: this.object, applied, manager: by, force, subresource };
    const result = manager.apply({ ...request, filter: this.filter(subresource) });
    this.store(this.decode(result.object), result.managedFields);
  }

  /** "manager operation subresource" -> what it owns. */
  owners(): Record<string, unknown> {
    const entries = this.object?.metadata.managedFields ?? [];
    return Object.fromEntries(entries.map((entry) => [[entry.manager, entry.operation, entry.subresource].filter(Boolean).join(" "), entry.fieldsV1]));
  }

  entry(by: string): ManagedFieldsEntry | undefined {
    return this.object?.metadata.managedFields?.find((entry) => entry.manager === by);
  }

  private store(next: UnstructuredObject, managedFields: ManagedFieldsEntry[] | undefined): void {
    next.metadata = { ...next.metadata, uid: "u", ...(managedFields && { managedFields }) };
    if (managedFields === undefined) delete next.metadata.managedFields;
    this.object = structuredClone(next);
  }

  private decode(object: JsonObject): UnstructuredObject {
    return decodeTyped<UnstructuredObject>(TYPES[this.apiVersion] ?? "", object).object;
  }

  private filter(subresource: string): ReturnType<typeof fieldFilterOf> {
    return fieldFilterOf({ group: "apps", resource: this.apiVersion === "v1" ? "configmaps" : "deployments", hasStatus: this.apiVersion !== "v1" }, subresource);
  }
}

function failure(run: () => unknown): StatusError {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

function deployment(containers: JsonObject[], more: JsonObject = {}): JsonObject {
  return { metadata: { name: "d" }, spec: { selector: { matchLabels: { a: "b" } }, template: { spec: { containers } }, ...more } };
}

let configMaps: Store;
let deployments: Store;

beforeEach(() => {
  configMaps = new Store("v1", "ConfigMap");
  deployments = new Store("apps/v1", "Deployment");
});

describe("writes that are no applies", () => {
  it("own all that a create sets, but for what belongs to the server", () => {
    deployments.write("kubectl", { ...deployment([{ name: "b", ports: [{ containerPort: 443 }, { containerPort: 80, protocol: "UDP" }] }, { name: "a", args: ["x"] }]), status: { replicas: 3 } });
    expect(JSON.stringify(deployments.object?.metadata.managedFields)).toBe(
      JSON.stringify([
        {
          manager: "kubectl", operation: "Update", apiVersion: "apps/v1", time: "2026-01-01T00:00:00Z", fieldsType: "FieldsV1",
          fieldsV1: {
            "f:spec": {
              "f:selector": {},
              "f:template": {
                "f:spec": {
                  "f:containers": {
                    'k:{"name":"a"}': { ".": {}, "f:args": {}, "f:name": {}, "f:resources": {} },
                    'k:{"name":"b"}': {
                      ".": {}, "f:name": {},
                      "f:ports": { ".": {}, 'k:{"containerPort":80,"protocol":"UDP"}': { ".": {}, "f:containerPort": {}, "f:protocol": {} }, 'k:{"containerPort":443,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} } },
                      "f:resources": {},
                    },
                  },
                },
              },
            },
          },
        },
      ]),
    );
  });

  it("take what they change, and give up what they remove", () => {
    configMaps.write("one", { data: { a: "1", b: "1" } });
    configMaps.write("two", { data: { a: "2", b: "1", c: "2" } });
    expect(configMaps.owners()).toEqual({
      "one Update": { "f:data": { ".": {}, "f:b": {} } },
      "two Update": { "f:data": { "f:a": {}, "f:c": {} } },
    });
    configMaps.write("two", { data: { a: "2" } });
    expect(configMaps.owners()).toEqual({ "one Update": { "f:data": {} }, "two Update": { "f:data": { "f:a": {} } } });
    configMaps.write("three", {});
    expect(configMaps.object?.metadata.managedFields).toBeUndefined();
  });

  it("get a new time only with a new set", async () => {
    configMaps.write("one", { data: { a: "1" } });
    await clock.step(5000);
    configMaps.write("one", { data: { a: "1" } });
    expect(configMaps.entry("one")?.time).toBe("2026-01-01T00:00:00Z");
    configMaps.write("one", { data: { a: "2" } });
    expect(configMaps.entry("one")?.time).toBe("2026-01-01T00:00:05Z");
    expect(configMaps.owners()).toEqual({ "one Update": { "f:data": { ".": {}, "f:a": {} } } });
  });

  it("own items that stand twice as one", () => {
    configMaps.write("one", { metadata: { finalizers: ["a/b", "c/d"] } });
    configMaps.write("two", { metadata: { finalizers: ["a/b", "c/d", "c/d"] } });
    expect(configMaps.owners()).toEqual({
      "one Update": { "f:metadata": { "f:finalizers": { ".": {}, 'v:"a/b"': {} } } },
      "two Update": { "f:metadata": { "f:finalizers": { 'v:"c/d"': {} } } },
    });
  });

  it("of a subresource are entries of their own, and reach nothing else", () => {
    deployments.write("one", deployment([{ name: "a" }]));
    deployments.write("one", { ...deployment([{ name: "b" }]), status: { replicas: 2 } }, "status");
    expect(deployments.owners()).toMatchObject({ "one Update status": { "f:status": { "f:replicas": {} } } });
    expect(deployments.owners()["one Update status"]).not.toHaveProperty("f:spec");
  });

  it("join the oldest updaters when there are more than ten", () => {
    for (let index = 0; index < 12; index++) configMaps.write(`m${String(index).padStart(2, "0")}`, { data: Object.fromEntries(Array.from({ length: index + 1 }, (_, key) => [`k${key}`, "1"])) });
    const names = configMaps.object?.metadata.managedFields?.map((entry) => entry.manager);
    expect(names).toHaveLength(10);
    expect(names).toContain("ancient-changes");
    expect(configMaps.owners()["ancient-changes Update"]).toEqual({ "f:data": { ".": {}, "f:k0": {}, "f:k1": {}, "f:k2": {} } });
  });

  it("may send managers, reset them, and are not tracked after that", () => {
    configMaps.write("one", { data: { a: "1" } });
    const sent = { manager: "x", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: { "f:data": { "f:a": {} } } };
    configMaps.write("one", { metadata: { managedFields: [sent] }, data: { a: "1" } });
    expect(configMaps.owners()).toEqual({ "x Apply": { "f:data": { "f:a": {} } } });
    configMaps.write("one", { metadata: { managedFields: [{ ...sent, fieldsType: "FieldsV9" }] }, data: { a: "1" } });
    expect(configMaps.owners()).toEqual({ "x Apply": { "f:data": { "f:a": {} } } });
    configMaps.write("one", { metadata: { managedFields: [{}] }, data: { a: "1" } });
    expect(configMaps.object?.metadata.managedFields).toBeUndefined();
    configMaps.write("one", { data: { a: "2" } });
    expect(configMaps.object?.metadata.managedFields).toBeUndefined();
  });

  it("keep their times when nothing else changes", () => {
    configMaps.write("one", { data: { a: "1" } });
    const live = structuredClone(configMaps.object);
    const next = structuredClone(configMaps.object);
    const [entry] = next?.metadata.managedFields ?? [];
    if (live === undefined || next === undefined || entry === undefined) throw new Error("nothing stored");
    entry.time = "2027-01-01T00:00:00Z";
    keepTimesUnlessChanged(live, next);
    expect(next).toEqual(live);
  });
});

describe("apply", () => {
  it("owns leaves and items, not what holds them", () => {
    deployments.apply("one", deployment([{ name: "a", image: "1", ports: [{ containerPort: 80 }] }], { replicas: 0 }));
    expect(deployments.owners()).toEqual({
      "one Apply": {
        "f:spec": {
          "f:replicas": {},
          "f:selector": {},
          "f:template": { "f:spec": { "f:containers": { 'k:{"name":"a"}': { ".": {}, "f:image": {}, "f:name": {}, "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} } } } } } },
        },
      },
    });
  });

  it("refuses to change what others own, in the server's words", () => {
    deployments.write("edit", deployment([{ name: "a", image: "1" }], { replicas: 1 }));
    deployments.apply("two", deployment([{ name: "a", image: "1" }], { replicas: 1 }));
    const error = failure(() => deployments.apply("three", deployment([{ name: "a", image: "2" }], { replicas: 3 })));
    expect(error.code).toBe(409);
    expect(error.message).toBe(
      'Apply failed with 4 conflicts: conflicts with "edit" using apps/v1:\n- .spec.replicas\n- .spec.template.spec.containers[name="a"].image\n' +
        'conflicts with "two":\n- .spec.replicas\n- .spec.template.spec.containers[name="a"].image',
    );
    expect(error.status.details?.causes?.[0]).toEqual({ reason: "FieldManagerConflict", message: 'conflict with "edit" using apps/v1', field: ".spec.replicas" });
    deployments.apply("three", deployment([{ name: "a", image: "2" }], { replicas: 3 }), { force: true });
    expect(deployments.owners()["two Apply"]).not.toMatchObject({ "f:spec": { "f:replicas": {} } });
  });

  it("shares what it sets alike, and removes what nobody else owns", () => {
    configMaps.apply("one", { metadata: { finalizers: ["a/b"] }, data: { k: "1", l: "1" } });
    configMaps.apply("two", { metadata: { finalizers: ["c/d"] }, data: { k: "1", m: "1" } });
    configMaps.write("edit", { ...configMaps.object, data: { k: "1", l: "1", m: "1", n: "1" } });
    configMaps.apply("one", { metadata: {} });
    expect(configMaps.object).toMatchObject({ metadata: { finalizers: ["c/d"] }, data: { k: "1", m: "1", n: "1" } });
    expect(configMaps.object?.["data"]).not.toHaveProperty("l");
    configMaps.apply("two", {});
    expect(configMaps.object?.["data"]).toEqual({ n: "1" });
    expect(configMaps.object?.metadata.finalizers).toBeUndefined();
    expect(configMaps.owners()).toEqual({ "edit Update": { "f:data": { "f:n": {} } } });
  });

  it("leaves empty what others own, when all that it set in there goes", () => {
    deployments.write("edit", deployment([{ name: "a", image: "1", securityContext: { runAsUser: 1 } }]));
    deployments.apply("one", deployment([{ name: "a", resources: { limits: { cpu: "1" } }, securityContext: { runAsUser: 2 } }]), { force: true });
    deployments.apply("one", { spec: { replicas: 1 } });
    const spec = deployments.object?.["spec"] as { template: { spec: { containers: unknown[] } } };
    expect(spec.template.spec.containers).toEqual([{ name: "a", image: "1", resources: {}, securityContext: {} }]);
    expect(deployments.owners()["edit Update"]).toMatchObject({
      "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"a"}': { "f:resources": {}, "f:securityContext": {} } } } } },
    });
  });

  it("tells a key that is null from one that is not there", () => {
    deployments.apply("one", deployment([{ name: "a", ports: [{ containerPort: 80, protocol: null }, { containerPort: 80 }] }]));
    const text = JSON.stringify(deployments.owners());
    for (const protocol of ["null", '\\"TCP\\"']) expect(text).toContain(`k:{\\"containerPort\\":80,\\"protocol\\":${protocol}}`);
  });

  it("knows fields by any name", () => {
    configMaps.write("edit", { data: { constructor: "1", toString: "1" } });
    configMaps.apply("one", { data: { valueOf: "1" } });
    expect(Object.entries(configMaps.object?.["data"] as JsonObject).sort()).toEqual([["constructor", "1"], ["toString", "1"], ["valueOf", "1"]]);
    configMaps.write("edit", { data: { toString: "2" } });
    expect(configMaps.owners()).toEqual({ "edit Update": { "f:data": { ".": {}, "f:toString": {} } } });
  });

  it("keeps the live order of lists that it does not change", () => {
    deployments.write("edit", deployment([{ name: "a" }, { name: "b" }, { name: "c" }]));
    deployments.apply("one", deployment([{ name: "c", image: "3" }, { name: "n" }]));
    const spec = deployments.object?.["spec"] as { template: { spec: { containers: { name: string }[] } } };
    expect(spec.template.spec.containers.map(({ name }) => name)).toEqual(["a", "b", "c", "n"]);
  });

  it("changes no time when it changes nothing", async () => {
    configMaps.write("edit", { data: { a: "1" } });
    configMaps.apply("one", { data: { a: "1" } });
    expect(configMaps.entry("one")).not.toHaveProperty("time");
    configMaps.apply("one", { data: { a: "1", b: "1" } });
    const { time } = configMaps.entry("one") ?? {};
    await clock.step(3000);
    configMaps.apply("one", { data: { a: "1", b: "1" } });
    expect(configMaps.entry("one")?.time).toBe(time);
  });

  it("of a subresource reaches only that", () => {
    deployments.write("edit", deployment([{ name: "a" }]));
    deployments.apply("one", { metadata: { labels: { x: "y" } }, status: { conditions: [{ type: "Ready", status: "True" }] } }, { subresource: "status" });
    expect(deployments.owners()["one Apply status"]).toEqual({ "f:status": { "f:conditions": { 'k:{"type":"Ready"}': { ".": {}, "f:status": {}, "f:type": {} } } } });
  });

  it("gives what was there untracked to before-first-apply", () => {
    configMaps.write("one", { data: { a: "1" } });
    configMaps.write("one", { metadata: { managedFields: [] }, data: { a: "1" } });
    configMaps.apply("two", { data: { b: "1" } });
    expect(configMaps.owners()).toEqual({
      "before-first-apply Update": { "f:data": { ".": {}, "f:a": {} } },
      "two Apply": { "f:data": { "f:b": {} } },
    });
  });

  it("by kubectl overrules its own client-side apply, and keeps the annotation true", () => {
    const last = '{"apiVersion":"v1","data":{"a":"1"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"c"}}\n';
    configMaps.write("kubectl-client-side-apply", { metadata: { name: "c", annotations: { [LAST_APPLIED_ANNOTATION]: last } }, data: { a: "1", b: "1" } });
    expect(failure(() => configMaps.apply("kubectl", { metadata: { name: "c" }, data: { b: "2" } })).code).toBe(409);
    configMaps.apply("kubectl", { metadata: { name: "c" }, data: { a: "2" } });
    expect(configMaps.object?.["data"]).toEqual({ a: "2", b: "1" });
    expect(configMaps.object?.metadata.annotations?.[LAST_APPLIED_ANNOTATION]).toBe('{"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap","metadata":{"name":"c"}}\n');
  });

  it.each<[string, JsonObject, number, string]>([
    ["another kind", { apiVersion: "apps/v9" }, 400, "invalid object type: apps/v9, Kind=Deployment"],
    ["no kind at all", { apiVersion: undefined, kind: undefined }, 400, "invalid object type: /, Kind="],
    ["managed fields", { metadata: { name: "d", managedFields: [] } }, 400, "metadata.managedFields must be nil"],
    ["unknown fields", { spec: { foo: 1 } }, 500, "failed to create typed patch object (/d; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema"],
    ["wrong types", { spec: { replicas: "1", paused: 1 }, metadata: { name: "d", labels: { a: 1 } } }, 500, "failed to create typed patch object (/d; apps/v1, Kind=Deployment): errors:\n  .metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}\n  .spec.replicas: expected numeric (int or float), got string\n  .spec.paused: expected boolean, got &{1}"],
    ["a list that is none", { spec: { template: { spec: { containers: {} } } } }, 500, "failed to create typed patch object (/d; apps/v1, Kind=Deployment): .spec.template.spec.containers: expected list, got &{map[]}"],
    ["items that stand twice", { spec: { template: { spec: { containers: [{ name: "a" }, { name: "a" }] } } } }, 500, 'failed to create typed patch object (/d; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name="a"]'],
  ])("refuses %s", (_, object, code, message) => {
    expect(failure(() => deployments.apply("one", { metadata: { name: "d" }, ...object })).status).toMatchObject({ code, message });
  });
});

describe("custom resources", () => {
  const scalar = (name: string, type = "string") => ({ name, number: 0, shape: "scalar" as const, type, struct: undefined, element: undefined });
  const list = (name: string, facts: object) => ({ name, number: 0, shape: "list" as const, type: "string", struct: undefined, element: scalar(""), ...facts });
  const struct = (name: string, fields: readonly { name: string }[], facts: object = {}) => ({ name, number: 0, shape: "struct" as const, type: "", element: undefined, struct: { name: "", kind: false, fields: new Map(fields.map((field) => [field.name, field])), ...facts } });
  const widget = (specFacts: object = {}): TypeSchema =>
    ({ name: "", kind: true, fields: new Map([["metadata", struct("metadata", [scalar("name")])], ["spec", struct("spec", [scalar("n", "int64"), list("tags", { listType: "set" }), list("args", {})], specFacts)]]) }) as unknown as TypeSchema;
  const object = (spec: JsonObject, apiVersion = "x/v1"): UnstructuredObject => ({ apiVersion, kind: "Widget", metadata: { name: "w" }, spec });

  it("are owned by their schema, from nothing", () => {
    const tracker = createFieldManager({ clock, schemaOf: () => widget() });
    const [entry] = tracker.update({ live: undefined, next: object({ n: 1, tags: ["b", "a"], args: ["x"] }), manager: "m" }) ?? [];
    expect(entry?.fieldsV1).toEqual({ "f:spec": { ".": {}, "f:args": {}, "f:n": {}, "f:tags": { ".": {}, 'v:"a"': {}, 'v:"b"': {} } } });
  });

  it("without a schema are owned by field, their lists as a whole", () => {
    const tracker = createFieldManager({ clock, schemaOf: () => undefined });
    const live = object({ a: { b: 1 }, list: [{ name: "x" }] });
    live.metadata.managedFields = tracker.update({ live: undefined, next: live, manager: "m" }) ?? [];
    expect(live.metadata.managedFields[0]?.fieldsV1).toEqual({ "f:spec": { ".": {}, "f:a": { ".": {}, "f:b": {} }, "f:list": {} } });
    const { object: applied } = tracker.apply({ apiVersion: "x/v1", kind: "Widget", live, applied: { ...object({ a: { c: 1 }, list: ["y"] }) }, manager: "n", force: true });
    expect(applied["spec"]).toEqual({ a: { b: 1, c: 1 }, list: ["y"] });
  });

  it("are compared in each version that has an owner", () => {
    const convert = (of: UnstructuredObject, apiVersion: string): UnstructuredObject | undefined =>
      apiVersion === "x/v3" ? undefined : { ...of, apiVersion, spec: apiVersion === "x/v1" ? { n: specOf(of)["count"] } : { count: specOf(of)["n"] } };
    const specOf = (of: UnstructuredObject): JsonObject => (of["spec"] as JsonObject | null) ?? {};
    const tracker = createFieldManager({ clock, schemaOf: () => undefined, convert });
    const live = object({ n: 1 });
    live.metadata.managedFields = [
      { manager: "old", operation: "Apply", apiVersion: "x/v2", fieldsType: "FieldsV1", fieldsV1: { "f:spec": { "f:count": {} } } },
      { manager: "gone", operation: "Update", apiVersion: "x/v3", fieldsType: "FieldsV1", fieldsV1: { "f:spec": { "f:other": {} } } },
    ];
    const apply = (n: number, manager: string, force: boolean) => tracker.apply({ apiVersion: "x/v1", kind: "Widget", live, applied: { ...object({ n }) }, manager, force });
    expect(failure(() => apply(2, "new", false)).message).toBe('Apply failed with 1 conflict: conflict with "old": .spec.count');
    expect(apply(2, "new", true).managedFields?.map((entry) => entry.manager)).toEqual(["new"]);
    // The same applier in another version takes its fields along.
    const { object: moved, managedFields } = tracker.apply({ apiVersion: "x/v1", kind: "Widget", live, applied: { ...object({}) }, manager: "old", force: false });
    expect(moved["spec"]).toEqual({});
    expect(managedFields).toEqual([expect.objectContaining({ manager: "old", apiVersion: "x/v1" })]);
  });

  it("whose schema became atomic are owned as a whole", () => {
    const tracker = createFieldManager({ clock, schemaOf: () => widget({ structType: "atomic" }) });
    const live = object({ n: 1, args: ["x"] });
    live.metadata.managedFields = [{ manager: "old", operation: "Update", apiVersion: "x/v1", fieldsType: "FieldsV1", fieldsV1: { "f:spec": { "f:n": {} } } }];
    const entries = tracker.update({ live, next: live, manager: "m" });
    expect(entries?.[0]?.fieldsV1).toEqual({ "f:spec": {} });
  });
});

it("hands the owners of replicas to the scale subresource and back", () => {
  const paths = { "apps/v1": ["f:spec", "f:replicas"] };
  deployments.write("one", deployment([{ name: "a" }], { replicas: 1 }));
  const parent = deployments.object?.metadata.managedFields;
  const scale = scaleManagedFields(parent, paths);
  expect(scale).toMatchObject([{ manager: "one", apiVersion: "autoscaling/v1", fieldsV1: { "f:spec": { "f:replicas": {} } } }]);
  const [owner] = scale ?? [];
  const after = parentManagedFields(parent, [{ ...owner, manager: "scaler", subresource: "scale" }], "apps/v1", paths);
  expect(after?.[0]).toEqual({ manager: "scaler", operation: "Update", apiVersion: "apps/v1", fieldsType: "FieldsV1", fieldsV1: { "f:spec": { "f:replicas": {} } }, subresource: "scale" });
  expect(after?.[1]?.fieldsV1).not.toMatchObject({ "f:spec": { "f:replicas": {} } });
});

it("names managers after the parameter or the user agent", () => {
  expect(managerOrUserAgent("me", "kubectl/v1")).toBe("me");
  expect(managerOrUserAgent("", "kubectl\u0007-x/v1.35 (linux)")).toBe("kubectl-x");
  expect(managerOrUserAgent(undefined, undefined)).toBe("");
});
