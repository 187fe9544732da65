import { describe, expect, it } from "vitest";
import type { Pod } from "../api/generated/types/core/v1.ts";
import { podsToDelete } from "./pod-deletion-order.ts";

const NOW = Date.UTC(2026, 0, 2);

function pod(name: string, { node = "n", phase = "Running", readyAt = "2026-01-01T00:00:00Z", restarts = 0, cost = "0" } = {}): Pod {
  const conditions = readyAt === "" ? [] : [{ type: "Ready", status: "True", lastProbeTime: null, lastTransitionTime: readyAt }];
  const containerStatuses = [{ name: "c", restartCount: restarts, ready: true, image: "", imageID: "", state: {}, lastState: {} }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, uid: name, creationTimestamp: "2026-01-01T00:00:00Z", annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } },
    spec: { containers: [], ...(node !== "" && { nodeName: node }) },
    status: { phase, conditions, containerStatuses },
  };
}

const first = (pods: Pod[], related = pods) => podsToDelete(pods, related, 1, NOW)[0]?.metadata.name;

describe("podsToDelete", () => {
  it.each<[string, Pod]>([
    ["has no node", pod("x", { node: "", phase: "Pending" })],
    ["is pending", pod("x", { phase: "Pending" })],
    ["is not ready", pod("x", { readyAt: "" })],
    ["costs less", pod("x", { cost: "-1" })],
    ["became ready lately", pod("x", { readyAt: "2026-01-01T23:59:00Z" })],
    ["was restarted more often", pod("x", { restarts: 3 })],
  ])("takes the pod that %s", (_, loser) => {
    expect(first([pod("a"), loser, pod("b")])).toBe("x");
  });

  it("takes from the node that has most pods of the application", () => {
    const pods = [pod("a", { node: "n1" }), pod("b", { node: "n2" })];
    expect(first(pods, [...pods, pod("c", { node: "n2" })])).toBe("b");
  });

  it("takes all when all are to go", () => {
    expect(podsToDelete([pod("a"), pod("b")], [], 2, NOW)).toHaveLength(2);
  });
});
