import { describe, expect, it } from "vitest";
import { typeSchema } from "../schema.ts";
import { StatusError } from "../errors.ts";
import { applyJsonPatch, decodeJsonPatch, unknownJsonPatchFields } from "./json-patch.ts";
import { isJsonObject, type JsonObject } from "./json-value.ts";
import { lastAppliedConfiguration } from "./last-applied.ts";
import { applyMergePatch, createMergePatch, createThreeWayJsonMergePatch, decodeMergePatch } from "./merge-patch.ts";
import { PatchConflictError, PreconditionFailedError } from "./patch-errors.ts";
import { openApiPatchSchema, patchSchemaOf, type PatchSchema } from "./patch-schema.ts";
import { requireKeyUnchanged, requireMetadataKeyUnchanged } from "./preconditions.ts";
import { createThreeWayMergePatch, createTwoWayMergePatch } from "./strategic-merge-diff.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

function schemaOf(name: string): PatchSchema {
  const type = typeSchema(name);
  if (type === undefined) throw new Error(`no type ${name}`);
  return patchSchemaOf(type);
}

const podSpec = schemaOf("core.v1.PodSpec");
const deployment = schemaOf("apps.v1.Deployment");

function thrown(run: () => unknown): StatusError {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("JSON patch", () => {
  const document = { a: { "x/y": 1, list: [1, 2, 3] }, gone: null };
  it.each<[string, JsonObject[], unknown]>([
    ["add appends at -", [{ op: "add", path: "/a/list/-", value: 4 }], { a: { "x/y": 1, list: [1, 2, 3, 4] }, gone: null }],
    ["add inserts", [{ op: "add", path: "/a/list/1", value: 9 }], { a: { "x/y": 1, list: [1, 9, 2, 3] }, gone: null }],
    ["negative indexes count from the end", [{ op: "remove", path: "/a/list/-1" }], { a: { "x/y": 1, list: [1, 2] }, gone: null }],
    ["paths are unescaped", [{ op: "replace", path: "/a/x~1y", value: 2 }], { a: { "x/y": 2, list: [1, 2, 3] }, gone: null }],
    ["move", [{ op: "move", from: "/a/list", path: "/list" }], { a: { "x/y": 1 }, gone: null, list: [1, 2, 3] }],
    ["copy", [{ op: "copy", from: "/a/list", path: "/b" }], { a: { "x/y": 1, list: [1, 2, 3] }, gone: null, b: [1, 2, 3] }],
    ["test of what is absent passes for null", [{ op: "test", path: "/nothing", value: null }, { op: "test", path: "/gone" }], document],
    ["replace adds what is not there", [{ op: "replace", path: "/b", value: 1 }], { ...document, b: 1 }],
    ["the whole document is replaced", [{ op: "replace", path: "", value: { b: 1 } }], { b: 1 }],
  ])("%s", (_, patch, expected) => {
    const before = structuredClone(document);
    expect(applyJsonPatch(document, decodeJsonPatch(patch))).toEqual(expected);
    expect(document).toEqual(before);
  });

  it.each([
    [[{ op: "test", path: "/a/x~1y", value: 5 }]],
    [[{ op: "remove", path: "/b" }]],
    [[{ op: "move", from: "/b", path: "/c" }]],
    [[{ op: "add", path: "/a/list/9", value: 1 }]],
    [[{ op: "add", path: "/b/c", value: 1 }]],
    [[{ op: "unheard-of", path: "/a" }]],
    [[null]],
  ])("answers 422 to %j", (patch) => {
    const error = thrown(() => applyJsonPatch(document, decodeJsonPatch(patch)));
    expect(error.status).toMatchObject({ code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request", details: {} });
  });

  it("answers 400 to what is no patch and 413 to too many operations", () => {
    expect(thrown(() => decodeJsonPatch({ op: "add" })).message).toBe(
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    );
    expect(thrown(() => decodeJsonPatch([{ op: 1 }])).code).toBe(400);
    expect(thrown(() => decodeJsonPatch(Array.from({ length: 10_001 }, () => ({ op: "test", path: "" })))).code).toBe(413);
  });

  it("names fields that no operation has", () => {
    expect(unknownJsonPatchFields([{ op: "add", path: "/a", value: 1 }, { op: "add", force: true }])).toEqual(['json patch unknown field "[1].force"']);
  });
});

describe("merge patch", () => {
  it("removes on null, merges objects, replaces lists, and drops nulls from what is new", () => {
    expect(applyMergePatch({ a: 1, b: { c: 1, d: 2 }, e: [1, 2] }, { a: null, b: { c: null, f: 3 }, e: [3], g: { h: null, i: 1 } })).toEqual({
      b: { d: 2, f: 3 },
      e: [3],
      g: { i: 1 },
    });
  });

  it("refuses what is no object", () => {
    expect(thrown(() => decodeMergePatch(null)).message).toBe("Invalid JSON Patch");
    expect(thrown(() => decodeMergePatch([1])).message).toBe("error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}");
  });

  it("creates what makes one document of another", () => {
    const [from, to] = [{ a: 1, b: { c: [1], d: 1 }, e: 1 }, { a: 1, b: { c: [2], d: 1 }, f: {} }];
    expect(createMergePatch(from, to)).toEqual({ b: { c: [2] }, e: null, f: {} });
  });

  it("keeps in a three-way patch what others added", () => {
    const patch = createThreeWayJsonMergePatch({ spec: { a: 1, b: 2 } }, { spec: { a: 5 } }, { spec: { a: 1, b: 2, others: true } });
    expect(patch).toEqual({ spec: { a: 5, b: null } });
  });

  it("fails when a precondition does not hold", () => {
    const create = () => createThreeWayJsonMergePatch({ kind: "A" }, { kind: "B" }, { kind: "A" }, [requireKeyUnchanged("kind")]);
    expect(create).toThrow(new PreconditionFailedError({ kind: "B" }));
  });
});

describe("strategic merge patch", () => {
  const pod = {
    containers: [
      { name: "a", image: "1", env: [{ name: "X", value: "1" }] },
      { name: "b", image: "2" },
    ],
    volumes: [{ name: "v", emptyDir: {} }],
    tolerations: [{ key: "k" }],
  };

  it.each<[string, JsonObject, JsonObject]>([
    ["merges items by key", { containers: [{ name: "b", image: "3" }] }, { containers: [pod.containers[0], { name: "b", image: "3" }] }],
    ["puts the patch's new items first", { containers: [{ name: "c", image: "c" }] }, { containers: [{ name: "c", image: "c" }, ...pod.containers] }],
    ["merges lists in items", { containers: [{ name: "a", env: [{ name: "X", value: "2" }, { name: "Y", value: "3" }] }] }, { containers: [{ name: "a", image: "1", env: [{ name: "X", value: "2" }, { name: "Y", value: "3" }] }, pod.containers[1]] }],
    ["deletes an item", { containers: [{ name: "a", $patch: "delete" }] }, { containers: [pod.containers[1]] }],
    ["replaces a list", { containers: [{ name: "z", image: "z" }, { $patch: "replace" }] }, { containers: [{ name: "z", image: "z" }] }],
    ["orders a list", { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] }, { containers: [pod.containers[1], pod.containers[0]] }],
    ["orders a list with changes", { "$setElementOrder/containers": [{ name: "b" }, { name: "c" }, { name: "a" }], containers: [{ name: "c" }] }, { containers: [pod.containers[1], { name: "c" }, pod.containers[0]] }],
    ["drops union members that are not retained", { volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/p" } }] }, { volumes: [{ name: "v", hostPath: { path: "/p" } }] }],
    ["replaces lists without a strategy", { tolerations: [{ key: "z" }] }, { tolerations: [{ key: "z" }] }],
    ["removes on null", { tolerations: null, nothing: null }, { tolerations: undefined }],
  ])("%s", (_, patch, expected) => {
    const before = structuredClone({ pod, patch });
    expect(applyStrategicMergePatch(pod, patch, podSpec)).toEqual({ ...pod, ...expected });
    expect({ pod, patch }).toEqual(before);
  });

  it("replaces and empties objects by directive", () => {
    const schema = schemaOf("meta.v1.ObjectMeta");
    expect(applyStrategicMergePatch({ labels: { a: "1" } }, { labels: { $patch: "replace", b: "2" } }, schema)).toEqual({ labels: { b: "2" } });
    expect(applyStrategicMergePatch({ labels: { a: "1" } }, { labels: { $patch: "delete" } }, schema)).toEqual({ labels: {} });
  });

  it("adds to and deletes from lists of scalars", () => {
    const schema = schemaOf("meta.v1.ObjectMeta");
    const patched = applyStrategicMergePatch({ finalizers: ["a", "b", "c"] }, { "$deleteFromPrimitiveList/finalizers": ["b"], finalizers: ["d"] }, schema);
    expect(new Set(patched["finalizers"] as string[])).toEqual(new Set(["a", "c", "d"]));
  });

  it.each<[JsonObject, number, string]>([
    [{ containers: [{ image: "x" }] }, 500, "map: map[image:x] does not contain declared merge key: name"],
    [{ containers: [{ name: "a", $patch: "foo" }] }, 500, "unknown patch type: foo in map: map[$patch:foo name:a]"],
    [{ "$setElementOrder/containers": {} }, 500, "expected a []interface {}, but received a map[string]interface {}"],
    [{ volumes: [{ name: "v", $retainKeys: ["name"], hostPath: {} }] }, 400, "invalid patch format of retainKeys"],
    [{ $deleteFromPrimitiveList: ["x"] }, 400, "invalid patch format of primitive list"],
  ])("refuses %j", (patch, code, message) => {
    expect(thrown(() => applyStrategicMergePatch(pod, patch, podSpec)).status).toMatchObject({ code, message });
  });
});

describe("created strategic merge patches", () => {
  const live = {
    metadata: { labels: { a: "1" }, annotations: { other: "x" } },
    spec: { replicas: 3, template: { spec: { containers: [{ name: "a", image: "1", env: [{ name: "X", value: "1" }] }, { name: "sidecar", image: "s" }] } } },
  };

  it("makes one object of another", () => {
    const wanted = structuredClone(live);
    const [first] = wanted.spec.template.spec.containers;
    if (first !== undefined) first.image = "2";
    wanted.spec.template.spec.containers.pop();
    const patch = createTwoWayMergePatch(live, wanted, deployment);
    expect(patch).toEqual({
      spec: { template: { spec: { "$setElementOrder/containers": [{ name: "a" }], containers: [{ name: "a", image: "2" }, { name: "sidecar", $patch: "delete" }] } } },
    });
    expect(applyStrategicMergePatch(live, patch, deployment)).toEqual(wanted);
  });

  it("keeps what others added, and removes what was applied before", () => {
    const original = { spec: { replicas: 3, template: { spec: { containers: [{ name: "a", image: "0", env: [{ name: "X", value: "1" }] }] } } } };
    const modified = { spec: { template: { spec: { containers: [{ name: "a", image: "2" }] } } } };
    const patch = createThreeWayMergePatch(original, modified, live, deployment, { overwrite: true });
    expect(patch).toEqual({
      spec: { replicas: null, template: { spec: { "$setElementOrder/containers": [{ name: "a" }], containers: [{ name: "a", image: "2", env: null }] } } },
    });
    const spec = applyStrategicMergePatch(live, patch, deployment)["spec"];
    expect(isJsonObject(spec) && spec["template"]).toEqual({ spec: { containers: [{ name: "a", image: "2" }, { name: "sidecar", image: "s" }] } });
  });

  it("names what a union keeps", () => {
    const patch = createTwoWayMergePatch(
      { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } },
      { spec: { strategy: { type: "Recreate" } } },
      deployment,
    );
    expect(patch).toEqual({ spec: { strategy: { $retainKeys: ["type"], type: "Recreate", rollingUpdate: null } } });
  });

  it("refuses to overwrite what was changed otherwise", () => {
    const [original, modified, current] = [1, 2, 3].map((replicas) => ({ spec: { replicas } }));
    const create = (overwrite: boolean) => createThreeWayMergePatch(original ?? {}, modified ?? {}, current ?? {}, deployment, { overwrite });
    expect(create(true)).toEqual({ spec: { replicas: 2 } });
    expect(() => create(false)).toThrow(PatchConflictError);
  });

  it("fails when a precondition does not hold", () => {
    const create = () => createTwoWayMergePatch({ metadata: { name: "a" } }, { metadata: { name: "b" } }, deployment, [requireMetadataKeyUnchanged("name")]);
    expect(create).toThrow("precondition failed for: map[metadata:map[name:b]]");
  });

  it("reads strategies from a server's OpenAPI document", () => {
    const schemas = {
      Pod: { type: "object", properties: { spec: { allOf: [{ $ref: "#/components/schemas/Spec" }] } } },
      Spec: {
        type: "object",
        properties: {
          containers: { type: "array", items: { $ref: "#/components/schemas/Container" }, "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "name" },
        },
      },
      Container: { type: "object", properties: {} },
    };
    const patched = applyStrategicMergePatch({ spec: { containers: [{ name: "a", image: "1" }] } }, { spec: { containers: [{ name: "a", image: "2" }] } }, openApiPatchSchema(schemas, "Pod"));
    expect(patched).toEqual({ spec: { containers: [{ name: "a", image: "2" }] } });
  });
});

it("writes the last applied configuration as Go does", () => {
  const text = lastAppliedConfiguration({ kind: "ConfigMap", apiVersion: "v1", metadata: { name: "c" }, data: { b: "<&>", "10": "x", "9": "y" } });
  expect(text).toBe('{"apiVersion":"v1","data":{"10":"x","9":"y","b":"\\u003c\\u0026\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"c"}}\n');
});
