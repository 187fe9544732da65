import { describe, expect, it } from "vitest";
import type { PriorityClass } from "../../../api/generated/types/scheduling/v1.ts";
import { create, update } from "../shared/test-requests.ts";
import { priorityClassResource } from "./priority-class.ts";

describe("priority classes", () => {
  it.each<[string, object, string[]]>([
    ["x", { value: 1_000_000_001 }, ["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"]],
    ["system-node-critical", { value: 2_000_001_000 }, []],
    ["system-mine", { value: 1 }, ["metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class"]],
    ["y", { value: 1, preemptionPolicy: "Foo" }, ['preemptionPolicy: Unsupported value: "Foo": supported values: "PreemptLowerPriority", "Never"']],
  ])("named %s", (name, fields, errors) => {
    expect(create(priorityClassResource, { metadata: { name }, ...fields }).errors).toEqual(errors);
  });

  it("keep their value", () => {
    const { object } = create(priorityClassResource, { value: 1 });
    expect(object).toMatchObject({ metadata: { generation: 1 }, preemptionPolicy: "PreemptLowerPriority" });
    expect(update(priorityClassResource, object, (next: PriorityClass) => (next.value = 2)).errors).toEqual(["value: Forbidden: may not be changed in an update."]);
  });
});
