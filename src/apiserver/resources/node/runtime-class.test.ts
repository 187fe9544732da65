import { describe, expect, it } from "vitest";
import type { RuntimeClass } from "../../../api/generated/types/node/v1.ts";
import { create, update } from "../shared/test-requests.ts";
import { runtimeClassResource } from "./runtime-class.ts";

describe("runtime classes", () => {
  it("stay with their handler", () => {
    const { object, errors } = create(runtimeClassResource, { handler: "runc" });
    expect(errors).toEqual([]);
    expect(update(runtimeClassResource, object, (next: RuntimeClass) => (next.handler = "other")).errors).toEqual(['handler: Invalid value: "other": field is immutable']);
  });

  it("tolerate each taint once, and warn of old labels", () => {
    const toleration = { key: "k", operator: "Exists" };
    const scheduling = { nodeSelector: { "beta.kubernetes.io/arch": "arm64" }, tolerations: [toleration, toleration] };
    const { errors, warnings } = create(runtimeClassResource, { handler: "runc", scheduling });
    expect(errors).toEqual(['scheduling.tolerations[1]: Duplicate value: {"Key":"k","Operator":"Exists","Value":"","Effect":"","TolerationSeconds":null}']);
    expect(warnings).toEqual(['scheduling.nodeSelector: deprecated since v1.14; use "kubernetes.io/arch" instead']);
  });
});
