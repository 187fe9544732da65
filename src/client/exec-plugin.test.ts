import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "../util/fake-clock.ts";
import { credentialsOf } from "./credentials.ts";
import type { KubeconfigExec, KubeconfigUser } from "./kubeconfig-entries.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skiff-exec-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A plugin that notes each run and what it was told, then runs `body`. */
function plugin(body: string): string {
  const path = join(folder, "plugin");
  writeFileSync(path, `#!/bin/sh\necho "$1 $EXTRA $KUBERNETES_EXEC_INFO" >>${folder}/runs\n${body}\n`);
  chmodSync(path, 0o700);
  return path;
}

function source(user: KubeconfigUser, clock = new FakeClock()) {
  const cluster = { server: "https://a", extensions: [{ name: "client.authentication.k8s.io/exec", extension: { realm: "x" } }] };
  return credentialsOf({ contextName: "c", namespace: "", clusterName: "a", userName: "u", cluster, user }, clock, { env: process.env, isTerminal: false });
}

function exec(command: string, more: KubeconfigExec = {}): KubeconfigUser {
  return { exec: { command, apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "IfAvailable", args: ["login"], env: [{ name: "EXTRA", value: "extra" }], ...more } };
}

const credential = (status: object) => `echo '${JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status })}'`;
const runs = () => readFileSync(join(folder, "runs"), "utf8").trim().split("\n");

it("asks the plugin once, and again when the credentials have expired or were refused", async () => {
  const clock = new FakeClock();
  const credentials = source(exec(plugin(credential({ token: "secret", expirationTimestamp: "2026-01-01T01:00:00Z" })), { provideClusterInfo: true }), clock);
  expect(await credentials.get()).toEqual({ headers: { authorization: "Bearer secret" } });
  await credentials.get();
  expect(runs()).toEqual([
    'login extra {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"cluster":{"server":"https://a","config":{"realm":"x"}},"interactive":false}}',
  ]);
  await clock.step(3_600_000);
  await credentials.get();
  expect(runs().length).toBe(2);
});

it("takes a certificate from a plugin", async () => {
  const credentials = source(exec(plugin(credential({ clientCertificateData: "C", clientKeyData: "K" }))));
  expect(await credentials.get()).toEqual({ headers: {}, cert: "C", key: "K" });
  expect(credentials.refresh()).toBe(true);
  await credentials.get();
  expect(runs().length).toBe(2);
});

it.each([
  ["exit 3", {}, "getting credentials: exec: executable PLUGIN failed with exit code 3"],
  ["echo nonsense", {}, "getting credentials: decoding stdout: "],
  [credential({}), {}, "getting credentials: exec plugin didn't return a token or cert/key pair"],
  [credential({ token: "t" }), { apiVersion: "client.authentication.k8s.io/v1beta1" }, "getting credentials: exec plugin is configured to use API version client.authentication.k8s.io/v1beta1, plugin returned version client.authentication.k8s.io/v1"],
  ["", { interactiveMode: "Always" }, "getting credentials: exec plugin cannot support interactive mode: standard input is not a terminal"],
  ["", { command: "no-such-plugin", installHint: "Get it somewhere." }, "getting credentials: exec: executable no-such-plugin not found\n\nIt looks like you are trying to use a client-go credential plugin that is not installed."],
])("fails clearly: %s %j", async (body, more, message) => {
  const path = plugin(body);
  await expect(source(exec(path, more)).get()).rejects.toThrow(message.replace("PLUGIN", path));
});

it("reads a token file again after a minute, and when its token was refused", async () => {
  const clock = new FakeClock();
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, "one\n");
  const credentials = source({ tokenFile }, clock);
  expect((await credentials.get()).headers).toEqual({ authorization: "Bearer one" });
  expect(credentials.refresh()).toBe(false);
  writeFileSync(tokenFile, "two");
  expect(credentials.refresh()).toBe(true);
  expect((await credentials.get()).headers).toEqual({ authorization: "Bearer two" });
  writeFileSync(tokenFile, "three");
  await clock.step(60_001);
  expect((await credentials.get()).headers).toEqual({ authorization: "Bearer three" });
});

it("sends basic authentication and impersonation", async () => {
  expect((await source({ username: "me", password: "pw", as: "you", "as-groups": ["a", "b"], "as-user-extra": { "x/y": ["1"] } }).get()).headers).toEqual({
    authorization: "Basic bWU6cHc=",
    "impersonate-user": "you",
    "impersonate-group": ["a", "b"],
    "impersonate-extra-x%2Fy": ["1"],
  });
});
