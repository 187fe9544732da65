import { expect, it } from "vitest";
import { statusPatch } from "./status-writer.ts";

const condition = (type: string, status: string, more = {}) => ({ type, status, lastProbeTime: null, lastTransitionTime: "t", ...more });

it("sends what differs, and only that", () => {
  expect(statusPatch({ phase: "Pending", hostIP: "h" }, { phase: "Running", hostIP: "h" })).toEqual({ phase: "Running" });
  expect(statusPatch({ phase: "Running" }, { phase: "Running" })).toBeUndefined();
});

it("says which fields are gone, of conditions too", () => {
  const before = { reason: "r", conditions: [condition("Ready", "False", { message: "m" }), condition("Initialized", "True")] };
  expect(statusPatch(before, { conditions: [condition("Ready", "True"), condition("Initialized", "True")] })).toEqual({ reason: null, conditions: [{ ...condition("Ready", "True"), message: null }] });
});

it("replaces addresses instead of adding to them", () => {
  expect(statusPatch({ podIPs: [{ ip: "1" }] }, { podIPs: [{ ip: "2" }] })).toEqual({ podIPs: [{ $patch: "replace" }, { ip: "2" }] });
});
