import { expect, it } from "vitest";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import type { ApiClient } from "../../client/client.ts";
import { FakeClock } from "../../util/fake-clock.ts";
import { formatTime } from "../../util/clock.ts";
import { ServiceAccountTokens } from "./service-account-tokens.ts";

const pod = { metadata: { name: "p", namespace: "ns", uid: "u" }, spec: { serviceAccountName: "robot" } } as Pod;

/** An API server that hands out numbered tokens, and the requests for them. */
function tokenServer(clock: FakeClock) {
  const requests: unknown[] = [];
  const createSubresource = async (name: string, subresource: string, body: { spec: { expirationSeconds: number } }) => {
    requests.push([name, subresource, body.spec]);
    return { status: { token: `token-${requests.length}`, expirationTimestamp: formatTime(clock.now() + body.spec.expirationSeconds * 1000) } };
  };
  return { requests, client: { resource: () => ({ createSubresource }) } as unknown as ApiClient };
}

it("keeps a token for four fifths of its time, then takes another", async () => {
  const clock = new FakeClock();
  const { client, requests } = tokenServer(clock);
  const tokens = new ServiceAccountTokens(client, clock);
  expect(await tokens.get(pod, "", 1000)).toBe("token-1");
  await clock.step(799_000);
  expect(await tokens.get(pod, "", 1000)).toBe("token-1");
  await clock.step(2_000);
  expect(await tokens.get(pod, "", 1000)).toBe("token-2");
  expect(requests[0]).toEqual(["robot", "token", { audiences: [], expirationSeconds: 1000, boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: "u" } }]);
});

it("has one token for each audience, and none of a pod that is gone", async () => {
  const clock = new FakeClock();
  const { client } = tokenServer(clock);
  const tokens = new ServiceAccountTokens(client, clock);
  expect(await tokens.get(pod, "vault", 1000)).toBe("token-1");
  expect(await tokens.get(pod, "", 1000)).toBe("token-2");
  tokens.forget("u");
  expect(await tokens.get(pod, "vault", 1000)).toBe("token-3");
});
