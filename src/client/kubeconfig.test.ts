import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultKubeconfigFile, loadKubeconfig } from "./kubeconfig.ts";
import { type KubeconfigOverrides, selectConfig } from "./kubeconfig-selection.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skiff-kubeconfig-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const FIRST = `
apiVersion: v1
kind: Config
clusters:
- name: a
  cluster: {server: "https://a", certificate-authority: ca.crt}
- name: b
  cluster: {server: "https://b:6443", tls-server-name: b.example}
users:
- name: red
  user: {token: first}
- name: both
  user: {token: t, username: u}
contexts:
- name: one
  context: {cluster: a, user: red, namespace: shop}
- name: half
  context: {cluster: b}
`;
const SECOND = `
clusters: [{name: a, cluster: {server: "https://other"}}]
users: [{name: red, user: {username: second}}]
contexts: [{name: two, context: {cluster: b, user: red}}]
current-context: two
`;

function files(...texts: string[]): { KUBECONFIG: string } {
  const paths = texts.map((text, index) => {
    const path = join(folder, `config-${index}`);
    writeFileSync(path, text);
    return path;
  });
  writeFileSync(join(folder, "ca.crt"), "CA");
  return { KUBECONFIG: paths.join(":") };
}

describe("loading", () => {
  it("merges files: the first that has an entry wins, whole", () => {
    const env = files(FIRST, SECOND);
    const config = loadKubeconfig({ KUBECONFIG: `:${join(folder, "missing")}:${env.KUBECONFIG}` });
    expect(config.clusters.get("a")).toEqual({ value: { server: "https://a", "certificate-authority": "ca.crt" }, file: join(folder, "config-0") });
    expect(config.users.get("red")?.value).toEqual({ token: "first" });
    expect([...config.contexts.keys()]).toEqual(["one", "half", "two"]);
    expect(config.currentContext).toBe("two");
  });

  it("reads the file of the home folder when nothing is said", () => {
    mkdirSync(join(folder, ".kube"));
    writeFileSync(join(folder, ".kube", "config"), SECOND);
    expect(loadKubeconfig({ HOME: folder }).currentContext).toBe("two");
    expect(loadKubeconfig({ HOME: join(folder, "nobody") }).currentContext).toBe("");
  });

  it("wants a file that was named, and says where one is wrong", () => {
    const path = join(folder, "none");
    expect(() => loadKubeconfig({}, path)).toThrow(`stat ${path}: no such file or directory`);
    expect(() => loadKubeconfig(files("a: [\nb: c"))).toThrow(/^error loading config file ".*config-0": yaml: line \d+: /);
  });

  it.each([
    ["- a", "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct {"],
    ["clusters: hm", "json: cannot unmarshal string into Go struct field Config.clusters of type []v1.NamedCluster"],
    ["clusters: [5]", "json: cannot unmarshal number into Go struct field Config.clusters of type v1.NamedCluster"],
    ["users: [{name: u, user: {token: 5}}]", "json: cannot unmarshal number into Go struct field AuthInfo.users.user.token of type string"],
    ["users: [{name: u, user: 5}]", "json: cannot unmarshal number into Go struct field NamedAuthInfo.users.user of type v1.AuthInfo"],
    ["current-context: true", "json: cannot unmarshal bool into Go struct field Config.current-context of type string"],
    ['clusters: [{name: a, cluster: {certificate-authority-data: "!!"}}]', "illegal base64 data at input byte 0"],
    ["apiVersion: v2", 'no kind "Config" is registered for version "v2" in scheme "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50"'],
  ])("refuses %s as clientcmd does", (text, message) => {
    expect(() => loadKubeconfig(files(text))).toThrow(`config-0": ${message}`);
  });

  it("knows the file that new entries go to", () => {
    const env = files(FIRST);
    expect(defaultKubeconfigFile({ KUBECONFIG: `${env.KUBECONFIG}:${join(folder, "later")}` })).toBe(env.KUBECONFIG);
    expect(defaultKubeconfigFile({ KUBECONFIG: `${join(folder, "x")}:${join(folder, "y")}` })).toBe(join(folder, "y"));
    expect(defaultKubeconfigFile({ HOME: "/home/me" })).toBe("/home/me/.kube/config");
    expect(defaultKubeconfigFile(env, "/explicit")).toBe("/explicit");
  });
});

describe("selecting", () => {
  const select = (overrides: KubeconfigOverrides = {}, ...texts: string[]) => selectConfig(loadKubeconfig(files(...(texts.length > 0 ? texts : [FIRST, SECOND]))), overrides);

  it("follows the current context, or the one that is named", () => {
    expect(select()).toMatchObject({ contextName: "two", clusterName: "b", userName: "red", namespace: "", cluster: { server: "https://b:6443" }, user: { token: "first" } });
    expect(select({ context: "one" })).toMatchObject({ namespace: "shop", cluster: { server: "https://a", "certificate-authority": join(folder, "ca.crt") } });
  });

  it("lets flags override the files", () => {
    expect(select({ context: "one", clusterName: "b", namespace: "n" })).toMatchObject({ namespace: "n", cluster: { server: "https://b:6443" } });
    expect(select({ cluster: { server: "https://c" } }).cluster).toEqual({ server: "https://c", "tls-server-name": undefined });
    const insecure = select({ context: "one", cluster: { "insecure-skip-tls-verify": true } }).cluster;
    expect(insecure).toEqual({ server: "https://a", "insecure-skip-tls-verify": true });
    expect(select({ cluster: { server: "http://localhost:8080" } }, "").cluster.server).toBe("http://localhost:8080");
  });

  it.each<[KubeconfigOverrides, string[]]>([
    [{ context: "none" }, ["context was not found for specified context: none"]],
    [{ clusterName: "none" }, ['no server found for cluster "none"']],
    [{ userName: "both", clusterName: "none" }, ["more than one authentication method found for both; found [token basicAuth], only one is allowed", 'no server found for cluster "none"']],
    [{ cluster: { "certificate-authority": "/none" } }, ["unable to read certificate-authority /none for b due to open /none: no such file or directory"]],
    [{ user: { "as-uid": "1" } }, ["requesting uid, groups or user-extra for red without impersonating a user"]],
    [{ user: { "client-certificate-data": "QQ==" } }, ["client-key-data or client-key must be specified for red to use the clientCert authentication method."]],
  ])("finds what is wrong with %j", (overrides, problems) => {
    expect(() => select(overrides)).toThrow(expect.objectContaining({ name: "InvalidConfigurationError", problems }));
  });

  it.each<[KubeconfigOverrides, string]>([
    [{ userName: "none" }, 'auth info "none" does not exist'],
    [{ context: "none", namespace: "d" }, 'context "none" does not exist'],
    [{ clusterName: "none", namespace: "d" }, 'cluster "none" does not exist'],
    [{ userName: "none", context: "none", namespace: "d" }, 'auth info "none" does not exist'],
  ])("says what is not there: %j", (overrides, message) => {
    expect(() => select(overrides)).toThrow(expect.objectContaining({ name: "KubeconfigError", message }));
  });

  it("says when nothing is configured, and when the current context is not there", () => {
    expect(() => select({}, "")).toThrow("invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable");
    expect(() => select({}, "current-context: gone")).toThrow("invalid configuration: context was not found for specified context: gone");
  });
});
