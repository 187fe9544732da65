import { expect, it } from "vitest";
import { FakeClock } from "../util/fake-clock.ts";
import { sequentialIds } from "../util/ids.ts";
import { createSigningKey } from "./certificates.ts";
import { createServiceAccountTokens } from "./service-account-tokens.ts";

const request = { namespace: "ns", serviceAccount: { name: "robot", uid: "u1" }, pod: { name: "p", uid: "u2" }, audiences: ["api"], expirationSeconds: 600 };

it("verifies what it signed, until it expires", async () => {
  const clock = new FakeClock();
  const tokens = createServiceAccountTokens(await createSigningKey(), clock, sequentialIds());
  const { token, expires } = await tokens.sign(request);
  expect(expires).toBe(clock.now() + 600_000);
  expect(await tokens.verify(token)).toMatchObject({ namespace: "ns", serviceAccount: { name: "robot", uid: "u1" }, pod: { name: "p", uid: "u2" }, audiences: ["api"] });
  await clock.step(601_000);
  expect(await tokens.verify(token)).toBeUndefined();
});

it("refuses another cluster's tokens and what is no token", async () => {
  const clock = new FakeClock();
  const ours = createServiceAccountTokens(await createSigningKey(), clock, sequentialIds());
  const theirs = createServiceAccountTokens(await createSigningKey(), clock, sequentialIds());
  const { token } = await theirs.sign(request);
  expect(await ours.verify(token)).toBeUndefined();
  expect(await ours.verify("abc")).toBeUndefined();
});
