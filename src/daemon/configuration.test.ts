import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ClusterConfiguration, nodeNames, readConfiguration, writeConfiguration } from "./configuration.ts";
import { ensurePki } from "./pki.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skiff-configuration-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const configuration: ClusterConfiguration = { name: "one", clusterId: "c1", port: 6443, nodes: ["one"] };

it("reads back what it wrote, for the user's eyes only", () => {
  const file = join(folder, "cluster.json");
  expect(readConfiguration(file)).toBeUndefined();
  writeConfiguration(file, configuration);
  expect(readConfiguration(file)).toEqual(configuration);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("names the file that is damaged", () => {
  const file = join(folder, "cluster.json");
  writeFileSync(file, "{");
  expect(() => readConfiguration(file)).toThrow(`${file} is damaged: `);
});

it("numbers the nodes after the first", () => {
  expect(nodeNames("skiff", 3)).toEqual(["skiff", "skiff-2", "skiff-3"]);
});

it("keeps certificates until they run out or serve another address", async () => {
  const now = Date.UTC(2026, 0, 1);
  const names = { dnsNames: ["localhost"], addresses: ["127.0.0.1"] };
  const first = await ensurePki(folder, names, now);
  expect(await ensurePki(folder, names, now)).toEqual(first);
  const moved = await ensurePki(folder, { ...names, addresses: ["127.0.0.1", "10.0.0.1"] }, now);
  expect(moved.serving).not.toEqual(first.serving);
  expect(moved.authority).toEqual(first.authority);
  const later = await ensurePki(folder, names, now + 360 * 86_400_000);
  expect(later.admin).not.toEqual(first.admin);
  expect(later.proxyClient).not.toEqual(first.proxyClient);
  expect(later.proxyAuthority).toEqual(first.proxyAuthority);
  expect(statSync(join(folder, "ca.key")).mode & 0o777).toBe(0o600);
});
