import { expect, test } from "vitest";
import { typeNames, typeSchema } from "./schema.ts";

test("inline structs stand in their parent, and fields carry their facts", () => {
  const volume = typeSchema("core.v1.Volume");
  expect([...(volume?.fields.keys() ?? [])].slice(0, 3)).toEqual(["name", "hostPath", "emptyDir"]);
  const containers = typeSchema("core.v1.PodSpec")?.fields.get("containers");
  expect(containers).toMatchObject({ shape: "list", listType: "map", listMapKeys: ["name"], patchStrategy: ["merge"], patchMergeKey: "name", required: true });
  expect(containers?.element?.struct?.fields.get("terminationMessagePolicy")?.enum).toEqual(["FallbackToLogsOnError", "File"]);
  expect(typeSchema("core.v1.PodSpec")?.fields.get("nodeSelector")).toMatchObject({ shape: "map", structType: "atomic" });
});

test("string lists behind a name are lists", () => {
  const extra = typeSchema("authentication.v1.UserInfo")?.fields.get("extra");
  expect([extra?.shape, extra?.element?.shape, extra?.element?.element?.type]).toEqual(["map", "list", "string"]);
});

test("every struct that a field names is there", () => {
  const missing = typeNames().flatMap((name) =>
    [...(typeSchema(name)?.fields.values() ?? [])]
      .map((field) => (field.element?.element ?? field.element ?? field))
      .filter((field) => field.shape === "struct" && field.struct === undefined)
      .map((field) => `${name}: ${field.type}`),
  );
  expect(missing).toEqual([]);
});
