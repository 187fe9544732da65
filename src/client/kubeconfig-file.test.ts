import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KubeconfigFile } from "./kubeconfig-file.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skiff-kubeconfig-"));
  path = join(folder, "config");
});
afterEach(() => rmSync(folder, { recursive: true }));

const TEXT = `# my clusters
kind: Config
apiVersion: v1
current-context: work # do not touch
users:
  - name: work
    user:
      token: "0123"   # from the portal
      x-unknown: {a: [1,   2]}
clusters:
  - cluster:
      server: https://work.example/a/very/long/address/that/is/longer/than/eighty/characters/as/they/often/are
    name: work
contexts:
  - name: work
    context: {cluster: work, user: work}
`;

it("adds and removes entries and leaves everything else as it was", () => {
  writeFileSync(path, TEXT);
  const file = new KubeconfigFile(path);
  file.set("clusters", "skiff", { server: "https://127.0.0.1:6443", "certificate-authority-data": "QQ==" });
  file.set("users", "skiff", { token: "t" });
  file.set("contexts", "skiff", { cluster: "skiff", user: "skiff" });
  file.save();
  const added = `  - name: skiff
    cluster:
      server: https://127.0.0.1:6443
      certificate-authority-data: QQ==
`;
  expect(readFileSync(path, "utf8")).toContain(`    name: work\n${added}contexts:\n`);
  const again = new KubeconfigFile(path);
  expect(again.names("clusters")).toEqual(["work", "skiff"]);
  expect(again.get("contexts", "skiff")).toEqual({ cluster: "skiff", user: "skiff" });
  for (const list of ["clusters", "users", "contexts"] as const) expect(again.remove(list, "skiff")).toBe(true);
  expect(again.remove("users", "skiff")).toBe(false);
  again.save();
  expect(readFileSync(path, "utf8")).toBe(TEXT);
});

it("does not write a file that has not changed", () => {
  writeFileSync(path, TEXT);
  const before = statSync(path).ino;
  const file = new KubeconfigFile(path);
  file.set("contexts", "work", { cluster: "work", user: "work" });
  file.currentContext = "work";
  file.save();
  expect(readFileSync(path, "utf8")).toBe(TEXT);
  expect(statSync(path).ino).toBe(before);
});

it("changes only the fields of an entry that differ", () => {
  writeFileSync(path, TEXT);
  const file = new KubeconfigFile(path);
  file.set("contexts", "work", { cluster: "work", user: "work", namespace: "shop" });
  file.currentContext = "other";
  file.save();
  expect(readFileSync(path, "utf8")).toBe(TEXT.replace("current-context: work", "current-context: other").replace("user: work}", "user: work, namespace: shop}"));
});

it("makes a file that nobody else can read", () => {
  const file = new KubeconfigFile(join(folder, "new", "config"));
  file.set("clusters", "a", { server: "https://a" });
  file.currentContext = "a";
  file.save();
  expect(readFileSync(join(folder, "new", "config"), "utf8")).toBe(`apiVersion: v1
kind: Config
clusters:
- name: a
  cluster:
    server: https://a
current-context: a
`);
  expect(statSync(join(folder, "new", "config")).mode & 0o777).toBe(0o600);
});

it("fills lists that are empty or null, keeps a link and the file's mode", () => {
  writeFileSync(path, "clusters: []\nusers: null\nother: kept\n", { mode: 0o640 });
  symlinkSync(path, join(folder, "link"));
  const file = new KubeconfigFile(join(folder, "link"));
  file.set("clusters", "a", { server: "https://a" });
  file.set("users", "a", { token: "t" });
  file.save();
  expect(readFileSync(path, "utf8")).toBe("clusters:\n- name: a\n  cluster:\n    server: https://a\nusers:\n- name: a\n  user:\n    token: t\nother: kept\n");
  expect(statSync(path).mode & 0o777).toBe(0o640);
});

it("refuses what is no kubeconfig, and leaves it", () => {
  writeFileSync(path, "a: [");
  expect(() => new KubeconfigFile(path)).toThrow("yaml: line");
  writeFileSync(path, "- a");
  expect(() => new KubeconfigFile(path)).toThrow("it is not a kubeconfig");
});
