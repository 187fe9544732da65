import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { clusterPaths } from "../../client/cluster-paths.ts";
import { mergeKubeconfig, removeFromKubeconfig } from "./user-kubeconfig.ts";

const others = `# mine, all mine
apiVersion: v1
kind: Config
clusters:
- name: prod
  cluster: {server: "https://prod.example:6443"} # do not touch
contexts:
- name: prod
  context:
    cluster: prod
    user: me
current-context: prod
users:
- name: me
  user:
    token: secret
`;
const own = `apiVersion: v1
kind: Config
clusters:
- name: skiff
  cluster: {server: "https://127.0.0.1:6443"}
users:
- name: skiff
  user: {token: t}
contexts:
- name: skiff
  context: {cluster: skiff, user: skiff}
current-context: skiff
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skiff-kubeconfig-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function setUp(userFile?: string) {
  const env = { SKIFF_HOME: folder, KUBECONFIG: join(folder, "config") };
  const paths = clusterPaths(env, "skiff");
  mkdirSync(paths.folder, { recursive: true });
  writeFileSync(paths.kubeconfig, own);
  if (userFile !== undefined) writeFileSync(env.KUBECONFIG, userFile);
  return { env, paths, read: () => readFileSync(env.KUBECONFIG, "utf8") };
}

it("leaves what was there as it was, to the letter", () => {
  const { env, paths, read } = setUp(others);
  expect(mergeKubeconfig(paths, env).isCurrent).toBe(false);
  for (const line of others.trimEnd().split("\n")) expect(read()).toContain(line);
  expect(read()).toContain("https://127.0.0.1:6443");
  removeFromKubeconfig(paths, env);
  expect(read()).toBe(others);
});

it("becomes the current context where there is none, and leaves nothing current behind", () => {
  const { env, paths, read } = setUp();
  expect(mergeKubeconfig(paths, env).isCurrent).toBe(true);
  expect(read()).toContain("current-context: skiff");
  removeFromKubeconfig(paths, env);
  expect(read()).toContain('current-context: ""');
});

it("changes nothing when it is merged again", () => {
  const { env, paths, read } = setUp(others);
  mergeKubeconfig(paths, env);
  const once = read();
  mergeKubeconfig(paths, env);
  expect(read()).toBe(once);
});
