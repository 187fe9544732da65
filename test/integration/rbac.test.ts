import { beforeAll, describe, expect, test } from "vitest";
import { bootstrapObjectsText } from "../../src/api/generated/bootstrap-objects.ts";
import { type KubernetesObject, parseApiVersion } from "../../src/api/object.ts";
import { roleBasedAccess } from "../../src/apiserver/auth/standard.ts";
import type { UserInfo } from "../../src/apiserver/resource.ts";
import { type TestServer, testServer } from "../fixtures/api-server.ts";

const GROUP = "rbac.authorization.k8s.io";
const RBAC = `/apis/${GROUP}/v1`;
let server: TestServer;

const user = (name: string, ...groups: string[]): UserInfo => ({ name, groups: [...groups, "system:authenticated"] });
const NOBODY = user("nobody");

/** A server that knows the default roles, with a binding of each to a user of its name in the namespace "default". */
beforeAll(async () => {
  server = await testServer((store) => {
    const access = roleBasedAccess(store, [], "https://test");
    return { authorizer: access.authorizer, virtualResources: access.virtualResources, admission: [access.escalationCheck] };
  });
  await server.send("POST", "/api/v1/namespaces", { body: { metadata: { name: "other" } } });
  for (const object of JSON.parse(bootstrapObjectsText) as KubernetesObject[]) {
    if (parseApiVersion(object.apiVersion)?.group !== GROUP || !object.kind.startsWith("Cluster")) continue;
    expect((await server.send("POST", `${RBAC}/${object.kind.toLowerCase()}s`, { body: object })).status).toBe(201);
  }
  for (const role of ["admin", "edit", "view"]) await bind("default", role, "ClusterRole", role);
  await bind("", "root", "ClusterRole", "cluster-admin");
});

async function bind(namespace: string, who: string, kind: string, role: string, as?: UserInfo) {
  const collection = namespace === "" ? `${RBAC}/clusterrolebindings` : `${RBAC}/namespaces/${namespace}/rolebindings`;
  const subjects = [{ kind: "User", apiGroup: GROUP, name: who }];
  return server.send("POST", collection, { body: { metadata: { name: `${who}-${role}` }, roleRef: { apiGroup: GROUP, kind, name: role }, subjects }, ...(as && { user: as }) });
}

async function createRole(namespace: string, name: string, rules: object[], as?: UserInfo, more: object = {}) {
  const collection = namespace === "" ? `${RBAC}/clusterroles` : `${RBAC}/namespaces/${namespace}/roles`;
  return server.send("POST", collection, { body: { metadata: { name }, rules, ...more }, ...(as && { user: as }) });
}

/** What the server decides, asked as a client would: may `who` do this? "apps/deployments/scale" is group/resource/subresource. */
async function allowed(who: UserInfo, verb: string, what: string, namespace: string, name = ""): Promise<boolean> {
  const [group = "", resource = "", subresource = ""] = what.split("/");
  const resourceAttributes = { verb, group, resource, subresource, namespace, name };
  const review = await server.send("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", { body: { spec: { user: who.name, groups: who.groups, resourceAttributes } } });
  return review.body.status.allowed as boolean;
}

// Who may: r (get, list, watch), w (create, update, patch, delete), or nothing, in the namespace of the binding.
const MATRIX: readonly (readonly [what: string, admin: string, edit: string, view: string])[] = [
  ["/pods", "rw", "rw", "r"],
  ["/configmaps", "rw", "rw", "r"],
  ["/services", "rw", "rw", "r"],
  ["/secrets", "rw", "rw", ""],
  ["/serviceaccounts", "rw", "rw", "r"],
  ["/endpoints", "r", "r", "r"],
  ["/events", "rw", "rw", "r"],
  ["/resourcequotas", "r", "r", "r"],
  ["/limitranges", "r", "r", "r"],
  ["/namespaces", "r", "r", "r"],
  ["/nodes", "", "", ""],
  ["/persistentvolumes", "", "", ""],
  ["/persistentvolumeclaims", "rw", "rw", "r"],
  ["apps/deployments", "rw", "rw", "r"],
  ["apps/deployments/scale", "rw", "rw", "r"],
  ["apps/statefulsets", "rw", "rw", "r"],
  ["apps/controllerrevisions", "r", "r", "r"],
  ["batch/jobs", "rw", "rw", "r"],
  ["autoscaling/horizontalpodautoscalers", "rw", "rw", "r"],
  ["networking.k8s.io/ingresses", "rw", "rw", "r"],
  ["policy/poddisruptionbudgets", "rw", "rw", "r"],
  [`${GROUP}/roles`, "rw", "", ""],
  [`${GROUP}/rolebindings`, "rw", "", ""],
  [`${GROUP}/clusterroles`, "", "", ""],
  ["storage.k8s.io/storageclasses", "", "", ""],
];

describe("the default roles", () => {
  test.each(MATRIX)("%s: admin %s, edit %s, view %s", async (what, admin, edit, view) => {
    for (const [name, rights] of Object.entries({ admin, edit, view, nobody: "", root: "rw" })) {
      for (const verb of ["get", "list", "watch", "create", "update", "patch", "delete"]) {
        if (what.endsWith("/scale") && !["get", "update", "patch"].includes(verb)) continue;
        const needed = ["get", "list", "watch"].includes(verb) ? "r" : "w";
        expect(await allowed(user(name), verb, what, "default"), `${name} ${verb}`).toBe(rights.includes(needed));
        expect(await allowed(user(name), verb, what, "other"), `${name} ${verb} elsewhere`).toBe(name === "root");
        expect(await allowed(user(name), verb, what, ""), `${name} ${verb} everywhere`).toBe(name === "root");
      }
    }
  });

  test("open what runs in pods to editors only", async () => {
    for (const [name, expected] of [["admin", true], ["edit", true], ["view", false]] as const) {
      for (const subresource of ["exec", "attach", "portforward", "proxy"]) expect(await allowed(user(name), "create", `/pods/${subresource}`, "default"), `${name} ${subresource}`).toBe(expected);
      expect(await allowed(user(name), "create", "/pods/eviction", "default")).toBe(expected);
      expect(await allowed(user(name), "get", "/pods/log", "default")).toBe(true);
      expect(await allowed(user(name), "impersonate", "/serviceaccounts", "default")).toBe(expected);
      expect(await allowed(user(name), "update", "/pods/status", "default")).toBe(false);
    }
  });

  test("let everyone discover the API and review oneself, and no more", async () => {
    for (const path of ["/api", "/apis", "/openapi/v3", "/version"]) expect((await server.send("GET", path, { user: NOBODY })).status, path).not.toBe(403);
    expect((await server.send("GET", "/metrics", { user: NOBODY })).status).toBe(403);
    expect((await server.send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", { user: NOBODY, body: { spec: { resourceAttributes: { verb: "get", resource: "pods" } } } })).body.status).toMatchObject({ allowed: false });
    expect((await server.send("GET", "/api/v1/namespaces/default/pods", { user: NOBODY })).body).toMatchObject({ code: 403, reason: "Forbidden", message: 'pods is forbidden: User "nobody" cannot list resource "pods" in API group "" in the namespace "default"' });
  });
});

describe("rules", () => {
  test("may name objects, which then can be read alone, and listed by their name", async () => {
    await createRole("default", "one-map", [{ apiGroups: [""], resources: ["configmaps"], resourceNames: ["mine"], verbs: ["get", "list", "create", "delete"] }]);
    await bind("default", "namer", "Role", "one-map");
    const as = { user: user("namer") };
    const maps = "/api/v1/namespaces/default/configmaps";
    expect((await server.send("GET", `${maps}/mine`, as)).status).toBe(404);
    expect((await server.send("GET", `${maps}/other`, as)).status).toBe(403);
    expect((await server.send("GET", maps, as)).status).toBe(403);
    expect((await server.send("GET", `${maps}?fieldSelector=metadata.name%3Dmine`, as)).status).toBe(200);
    expect((await server.send("POST", maps, { ...as, body: { metadata: { name: "mine" } } })).status).toBe(403);
  });

  test("for a resource do not cover its subresources, nor the other way round", async () => {
    await createRole("default", "subresources", [
      { apiGroups: [""], resources: ["pods/log", "services/*"], verbs: ["get"] },
      { apiGroups: ["apps"], resources: ["*/scale"], verbs: ["update"] },
    ]);
    await bind("default", "sub", "Role", "subresources");
    const sub = user("sub");
    const decisions = await Promise.all([
      allowed(sub, "get", "/pods/log", "default"),
      allowed(sub, "get", "/pods", "default"),
      allowed(sub, "update", "apps/deployments/scale", "default"),
      allowed(sub, "update", "apps/deployments/status", "default"),
      allowed(sub, "update", "apps/deployments", "default"),
      allowed(sub, "get", "/services/*", "default"),
      allowed(sub, "get", "/services/proxy", "default"),
    ]);
    expect(decisions).toEqual([true, false, true, false, false, true, false]);
  });

  test("for paths end in a star or match whole", async () => {
    await createRole("", "paths", [{ nonResourceURLs: ["/metrics", "/logs/*"], verbs: ["get"] }]);
    await bind("", "reader", "ClusterRole", "paths");
    const may = async (path: string, verb = "get") =>
      (await server.send("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", { body: { spec: { user: "reader", nonResourceAttributes: { path, verb } } } })).body.status.allowed as boolean;
    expect(await Promise.all([may("/metrics"), may("/metrics/x"), may("/logs/a/b"), may("/logs"), may("/metrics", "post")])).toEqual([true, false, true, false, false]);
  });

  test("of a Role do not reach beyond its namespace", async () => {
    await createRole("other", "all", [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]);
    await bind("other", "local", "Role", "all");
    expect(await allowed(user("local"), "delete", "/secrets", "other")).toBe(true);
    expect(await allowed(user("local"), "delete", "/secrets", "default")).toBe(false);
    expect(await allowed(user("local"), "get", "/nodes", "")).toBe(false);
  });

  test("reach groups and service accounts", async () => {
    const subjects = [
      { kind: "Group", apiGroup: GROUP, name: "crew" },
      { kind: "ServiceAccount", namespace: "other", name: "bot" },
    ];
    await server.send("POST", `${RBAC}/namespaces/default/rolebindings`, { body: { metadata: { name: "crew" }, roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: "view" }, subjects } });
    expect(await allowed(user("x", "crew"), "get", "/pods", "default")).toBe(true);
    expect(await allowed(user("system:serviceaccount:other:bot"), "get", "/pods", "default")).toBe(true);
    expect(await allowed(user("system:serviceaccount:default:bot"), "get", "/pods", "default")).toBe(false);
  });
});

describe("escalation", () => {
  const secrets = { apiGroups: [""], resources: ["secrets"], verbs: ["get"] };
  const nodes = { apiGroups: [""], resources: ["nodes"], verbs: ["get"] };

  test("is refused to who creates a role beyond one's own rights", async () => {
    expect((await createRole("default", "mine", [secrets], user("admin"))).status).toBe(201);
    const refused = await createRole("default", "more", [nodes], user("admin"));
    expect(refused.body).toMatchObject({ code: 403, reason: "Forbidden" });
    expect(refused.body.message).toContain('attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["nodes"], Verbs:["get"]}');
  });

  test("is refused to who binds a role beyond one's own rights, unless bind allows it", async () => {
    await createRole("", "node-reader", [nodes]);
    expect((await bind("default", "friend", "ClusterRole", "node-reader", user("admin"))).body).toMatchObject({ code: 403, reason: "Forbidden" });
    expect((await bind("default", "friend", "ClusterRole", "view", user("admin"))).status).toBe(201);
    await createRole("default", "binder", [{ apiGroups: [GROUP], resources: ["clusterroles"], resourceNames: ["node-reader"], verbs: ["bind"] }]);
    await bind("default", "admin", "Role", "binder");
    expect((await bind("default", "friend", "ClusterRole", "node-reader", user("admin"))).status).toBe(201);
  });

  test("is allowed by escalate, and to the masters", async () => {
    await createRole("other", "escalator", [{ apiGroups: [GROUP], resources: ["roles"], verbs: ["create", "escalate"] }]);
    await bind("other", "climber", "Role", "escalator");
    expect((await createRole("other", "high", [secrets], user("climber"))).status).toBe(201);
    expect((await createRole("default", "high", [secrets], user("climber"))).status).toBe(403);
    expect((await createRole("other", "higher", [nodes], user("x", "system:masters"))).status).toBe(201);
  });
});

test("one acts as another only where that is allowed, with that one's rights", async () => {
  await createRole("", "impersonator", [
    { apiGroups: [""], resources: ["users"], resourceNames: ["view"], verbs: ["impersonate"] },
    { apiGroups: [""], resources: ["groups"], resourceNames: ["crew"], verbs: ["impersonate"] },
  ]);
  await bind("", "actor", "ClusterRole", "impersonator");
  const pods = (headers: Record<string, string>) => server.send("GET", "/api/v1/namespaces/default/pods", { user: user("actor"), headers });
  expect((await pods({})).status).toBe(403);
  expect((await pods({ "impersonate-user": "view" })).status).toBe(200);
  expect((await pods({ "impersonate-user": "root" })).body.message).toContain('cannot impersonate resource "users"');
  expect((await pods({ "impersonate-user": "view", "impersonate-group": "system:masters" })).body.message).toContain('cannot impersonate resource "groups"');
});
