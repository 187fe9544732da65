import { describe, expect, test } from "vitest";
import { auditLog } from "../../src/apiserver/audit.ts";
import { serviceAccountAdmission } from "../../src/apiserver/admission/service-account.ts";
import { type ServiceAccountTokens, type VerifiedToken, serviceAccountAuthenticator } from "../../src/apiserver/auth/service-account-authenticator.ts";
import { roleBasedAccess } from "../../src/apiserver/auth/standard.ts";
import { bootstrapTokenAuthenticator, tokenFileAuthenticator } from "../../src/apiserver/auth/token-authenticators.ts";
import { serverMetrics } from "../../src/apiserver/metrics.ts";
import { healthPaths, versionPath } from "../../src/apiserver/paths.ts";
import { FakeClock } from "../../src/util/fake-clock.ts";
import { sequentialIds } from "../../src/util/ids.ts";
import { type TestServer, testServer } from "../fixtures/api-server.ts";

/** Tokens that say what they mean. */
const tokens: ServiceAccountTokens = {
  issuer: "https://test",
  async sign({ expirationSeconds, ...claims }) {
    return { token: Buffer.from(JSON.stringify({ ...claims, id: "1" })).toString("base64url"), expires: Date.UTC(2026, 0, 1) + expirationSeconds * 1000 };
  },
  async verify(token) {
    try {
      return JSON.parse(Buffer.from(token, "base64url").toString()) as VerifiedToken;
    } catch {
      return undefined;
    }
  },
};

async function secured(lines: string[] = []): Promise<TestServer> {
  const metrics = serverMetrics();
  const audit = auditLog((line) => lines.push(line), sequentialIds());
  return testServer((store) => {
    const tokenAuthenticators = [serviceAccountAuthenticator(tokens, store), bootstrapTokenAuthenticator(store, new FakeClock()), tokenFileAuthenticator('secret,joe,7,"a,b"\n')];
    const access = roleBasedAccess(store, tokenAuthenticators, tokens.issuer);
    return {
      tokenAuthenticators,
      serviceAccountTokens: tokens,
      authorizer: access.authorizer,
      virtualResources: access.virtualResources,
      admission: [serviceAccountAdmission, access.escalationCheck],
      paths: [metrics.path, healthPaths([{ name: "ping", check() {} }]), versionPath({ major: "1", minor: "36", gitVersion: "v1.36.2", gitCommit: "", gitTreeState: "", buildDate: "", goVersion: "", compiler: "", platform: "" })],
      observe(served) {
        metrics.observe(served);
        audit(served);
      },
    };
  });
}

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** Sends without the administrator's identity. */
async function plain(server: TestServer, method: string, url: string, headers: Record<string, string> = {}, body?: object) {
  const response = await server.server.handle({ method, url, headers, ...(body && { body }), signal: new AbortController().signal });
  return { status: response.status, body: response.body.type === "object" ? (JSON.parse(response.body.text()) as Record<string, never>) : response.body };
}

describe("who asks", () => {
  test("must be known, but for version and health", async () => {
    const server = await secured();
    expect((await plain(server, "GET", "/api/v1/pods")).body).toMatchObject({ code: 401, reason: "Unauthorized" });
    expect((await plain(server, "GET", "/api/v1/pods", { authorization: "Bearer wrong" })).status).toBe(401);
    for (const path of ["/version", "/livez", "/readyz?verbose", "/healthz/ping"]) expect((await plain(server, "GET", path)).status).toBe(200);
  });

  test("is found by token file, service account and bootstrap token", async () => {
    const server = await secured();
    const whoami = async (token: string) => (await server.send("POST", "/apis/authentication.k8s.io/v1/tokenreviews", { body: { spec: { token } } })).body.status;
    expect(await whoami("secret")).toMatchObject({ authenticated: true, user: { username: "joe", uid: "7", groups: ["a", "b", "system:authenticated"] } });
    expect(await whoami("nonsense")).toEqual({ user: {}, error: "invalid bearer token" });

    await server.send("POST", "/api/v1/namespaces/default/serviceaccounts", { body: { metadata: { name: "bot" } } });
    const granted = await server.send("POST", "/api/v1/namespaces/default/serviceaccounts/bot/token", { body: { spec: { expirationSeconds: 700 } } });
    expect(granted.body).toMatchObject({ kind: "TokenRequest", spec: { audiences: ["https://test"], expirationSeconds: 700 }, status: { expirationTimestamp: "2026-01-01T00:11:40Z" } });
    expect(await whoami(granted.body.status.token)).toMatchObject({ user: { username: "system:serviceaccount:default:bot", groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"] } });
    await server.send("DELETE", "/api/v1/namespaces/default/serviceaccounts/bot");
    expect(await whoami(granted.body.status.token)).toMatchObject({ error: "invalid bearer token" });

    await server.send("POST", "/api/v1/namespaces", { body: { metadata: { name: "kube-system" } } });
    const data = { "token-id": "abcdef", "token-secret": "0123456789abcdef", "usage-bootstrap-authentication": "true", "auth-extra-groups": "system:bootstrappers:nodes" };
    await server.send("POST", "/api/v1/namespaces/kube-system/secrets", { body: { metadata: { name: "bootstrap-token-abcdef" }, type: "bootstrap.kubernetes.io/token", stringData: data } });
    expect(await whoami("abcdef.0123456789abcdef")).toMatchObject({ user: { username: "system:bootstrap:abcdef", groups: ["system:bootstrappers", "system:bootstrappers:nodes", "system:authenticated"] } });
  });

  test("may act as another, where that is allowed", async () => {
    const server = await secured();
    const jane = await server.send("GET", "/api/v1/namespaces/default/pods/x", { headers: { "impersonate-user": "jane" } });
    expect(jane.body).toMatchObject({ code: 403, message: 'pods "x" is forbidden: User "jane" cannot get resource "pods" in API group "" in the namespace "default"' });
    const byJoe = await plain(server, "GET", "/api/v1/pods", { ...as("secret").headers, "impersonate-user": "jane" });
    expect(byJoe.body).toMatchObject({ code: 403, message: 'users "jane" is forbidden: User "joe" cannot impersonate resource "users" in API group "" at the cluster scope' });
    const nameless = await server.send("GET", "/api/v1/pods", { headers: { "impersonate-group": "dev" } });
    expect(nameless.body.message).toBe('requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"dev"}, Extra:map[string][]string(nil)} without impersonating a user name');
  });
});

test("reviews say what one may do", async () => {
  const server = await secured();
  const review = async (spec: object) => (await server.send("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", { body: { spec } })).body;
  expect(await review({ user: "jane", resourceAttributes: { verb: "get", resource: "pods", namespace: "default" } })).toMatchObject({ kind: "SubjectAccessReview", status: { allowed: false } });
  expect(await review({ user: "jane", groups: ["system:masters"], nonResourceAttributes: { verb: "get", path: "/x" } })).toMatchObject({ status: { allowed: true } });
  expect(await review({ user: "jane" })).toMatchObject({ code: 422, message: expect.stringContaining("exactly one of nonResourceAttributes or resourceAttributes must be specified") });
  const rules = await server.send("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", { body: { spec: { namespace: "default" } } });
  expect(rules.body.status).toMatchObject({ incomplete: false, resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }] });
});

test("pods run as a service account that must be there, with its token", async () => {
  const server = await secured();
  const pod = { metadata: { name: "p" }, spec: { serviceAccountName: "bot", containers: [{ name: "c", image: "busybox" }] } };
  const refused = await server.send("POST", "/api/v1/namespaces/default/pods", { body: pod });
  expect(refused.body).toMatchObject({ code: 403, message: 'pods "p" is forbidden: error looking up service account default/bot: serviceaccount "bot" not found' });
  await server.send("POST", "/api/v1/namespaces/default/serviceaccounts", { body: { metadata: { name: "bot" }, imagePullSecrets: [{ name: "pull" }] } });
  const { body } = await server.send("POST", "/api/v1/namespaces/default/pods", { body: pod });
  const [volume] = body.spec.volumes;
  expect(volume.name).toMatch(/^kube-api-access-.{5}$/);
  expect(body.spec.containers[0].volumeMounts).toEqual([{ name: volume.name, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }]);
  expect(body.spec.imagePullSecrets).toEqual([{ name: "pull" }]);
  expect(body.spec.serviceAccount).toBe("bot");
});

test("requests are counted, and written into the audit log", async () => {
  const lines: string[] = [];
  const server = await secured(lines);
  await server.send("POST", "/api/v1/namespaces/default/configmaps", { body: { metadata: { name: "a" } } });
  await server.send("GET", "/api/v1/namespaces/default/pods", { headers: { "impersonate-user": "jane" } });
  const metrics = await server.send("GET", "/metrics");
  expect(metrics.body).toContain('apiserver_request_total{verb="POST",group="",version="v1",resource="configmaps",subresource="",scope="namespace",component="apiserver",dry_run="",code="201"} 1');
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.find((event) => event["verb"] === "create" && (event["objectRef"] as { resource: string }).resource === "configmaps")).toMatchObject({ level: "Metadata", user: { username: "admin" }, responseStatus: { code: 201 } });
  expect(events.find((event) => event["impersonatedUser"] !== undefined)).toMatchObject({ verb: "list", user: { username: "admin" }, impersonatedUser: { username: "jane" }, responseStatus: { code: 403, reason: "Forbidden" } });
});
