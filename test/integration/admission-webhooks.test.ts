import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AdmissionRequest } from "../../src/api/generated/types/admission/v1.ts";
import { systemClock } from "../../src/util/clock.ts";
import { admittingServer } from "../fixtures/admitting-server.ts";
import type { TestServer } from "../fixtures/api-server.ts";
import { type Answer, startWebhookServer, type WebhookServer } from "../fixtures/webhook-server.ts";

const REGISTRATION = "/apis/admissionregistration.k8s.io/v1";
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

let server: TestServer;
let hook: WebhookServer;
let answer: (request: AdmissionRequest, path: string) => Answer;

beforeEach(async () => {
  server = await admittingServer();
  hook = await startWebhookServer((request, path) => answer(request, path), systemClock.now());
  answer = () => ({ allowed: true });
});
afterEach(() => hook.close());

/** Registers webhooks of ConfigMaps, each with fields of its own. */
async function register(kind: "Validating" | "Mutating", webhooks: readonly object[], name = "hooks") {
  const complete = webhooks.map((webhook, index) => ({
    name: `hook-${index}.example.com`,
    clientConfig: { url: `${hook.url}/${index}`, caBundle: hook.caBundle },
    rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["configmaps"] }],
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    ...webhook,
  }));
  const { status, body } = await server.send("POST", `${REGISTRATION}/${kind.toLowerCase()}webhookconfigurations`, { body: { metadata: { name }, webhooks: complete } });
  expect(status, JSON.stringify(body)).toBe(201);
}

const create = (name: string, more: object = {}, query = "") => server.send("POST", `${CONFIG_MAPS}${query}`, { body: { metadata: { name, ...more } } });
const patch = (...operations: object[]) => Buffer.from(JSON.stringify(operations)).toString("base64");

describe("validating webhooks", () => {
  test("see the request and refuse it in their words", async () => {
    await register("Validating", [{}]);
    answer = () => ({ allowed: false, status: { message: "not today", code: 403, reason: "Forbidden" }, warnings: ["beware"] });
    const { status, body, warnings } = await create("a");
    expect(status).toBe(403);
    expect(body).toMatchObject({ message: 'admission webhook "hook-0.example.com" denied the request: not today', reason: "Forbidden", status: "Failure" });
    expect(warnings).toEqual(["beware"]);
    expect(hook.asked[0]).toMatchObject({
      kind: { group: "", version: "v1", kind: "ConfigMap" },
      requestResource: { group: "", version: "v1", resource: "configmaps" },
      name: "a",
      namespace: "default",
      operation: "CREATE",
      userInfo: { username: "admin" },
      object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
      oldObject: null,
      dryRun: false,
      options: { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1" },
    });
    answer = () => ({ allowed: false });
    expect((await create("a")).body).toMatchObject({ message: 'admission webhook "hook-0.example.com" denied the request without explanation', code: 400 });
  });

  test("see deletions with what is deleted", async () => {
    await create("a");
    await register("Validating", [{}]);
    await server.send("DELETE", `${CONFIG_MAPS}/a`);
    expect(hook.asked[0]).toMatchObject({ operation: "DELETE", name: "a", object: null, oldObject: { metadata: { name: "a" } } });
  });

  test("are asked about what their rules and selectors name only", async () => {
    await register("Validating", [
      { rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["configmaps"] }] },
      { rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"], scope: "Cluster" }] },
      { namespaceSelector: { matchLabels: { strict: "yes" } } },
      { objectSelector: { matchLabels: { hooked: "yes" } } },
    ]);
    answer = () => ({ allowed: false });
    expect((await create("plain")).status).toBe(201);
    expect((await create("hooked", { labels: { hooked: "yes" } })).status).toBe(400);
    expect((await server.send("POST", "/api/v1/namespaces", { body: { metadata: { name: "other" } } })).body.message).toContain("hook-1.example.com");
    expect((await server.send("PUT", `${CONFIG_MAPS}/plain`, { body: { metadata: { name: "plain" }, data: { a: "b" } } })).body.message).toContain("hook-0.example.com");
  });

  test("that cannot be asked fail the request, or are ignored, as their policy says", async () => {
    const unreachable = { clientConfig: { url: "https://127.0.0.1:1/x", caBundle: hook.caBundle } };
    await register("Validating", [{ ...unreachable, failurePolicy: "Ignore" }], "ignored");
    expect((await create("a")).status).toBe(201);
    await register("Validating", [unreachable]);
    const { status, body } = await create("b");
    expect(status).toBe(500);
    expect(body.message).toBe(
      'Internal error occurred: failed calling webhook "hook-0.example.com": failed to call webhook: Post "https://127.0.0.1:1/x?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused',
    );
  });

  test("that are not whom the configuration trusts fail", async () => {
    const stranger = await startWebhookServer(() => ({ allowed: true }), systemClock.now());
    await register("Validating", [{ clientConfig: { url: stranger.url, caBundle: hook.caBundle } }]);
    expect((await create("a")).body.message).toContain("tls: failed to verify certificate: x509: certificate signed by unknown authority");
    await stranger.close();
  });

  test("that answer nonsense fail", async () => {
    await register("Validating", [{}]);
    answer = () => ({ allowed: true, uid: "other" });
    expect((await create("a")).body.message).toMatch(/failed calling webhook "hook-0.example.com": received invalid webhook response: expected response.uid=".*", got "other"$/);
    answer = () => ({ httpStatus: 500, text: "ouch" });
    expect((await create("a")).body.message).toContain('failed to call webhook: an error on the server ("ouch") has prevented the request from succeeding');
  });

  test("with side effects refuse dry runs", async () => {
    await register("Validating", [{ sideEffects: "NoneOnDryRun" }]);
    expect((await create("a", {}, "?dryRun=All")).status).toBe(201);
    expect(hook.asked[0]).toMatchObject({ dryRun: true, options: { dryRun: ["All"] } });
  });

  test("are found by their service", async () => {
    const service = { name: "hook", namespace: "default", path: "/there" };
    await register("Validating", [{ clientConfig: { service, caBundle: hook.caBundle } }]);
    const failed = 'Internal error occurred: failed calling webhook "hook-0.example.com": failed to call webhook: Post "https://hook.default.svc:443/there?timeout=10s": ';
    expect((await create("a")).body.message).toBe(`${failed}service "hook" not found`);
    await server.send("POST", "/api/v1/namespaces/default/services", { body: { metadata: { name: "hook" }, spec: { ports: [{ port: 443, targetPort: hook.port }] } } });
    expect((await create("a")).body.message).toBe(`${failed}no endpoints available for service "hook"`);
    await server.store.create("/discovery.k8s.io/endpointslices/default/hook-1", () => ({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "hook-1", namespace: "default", labels: { "kubernetes.io/service-name": "hook" } },
      addressType: "IPv4",
      ports: [{ name: "", port: hook.port }],
      endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
    }));
    expect((await create("a")).body).toMatchObject({ kind: "ConfigMap" });
    expect(hook.asked).toHaveLength(1);
  });
});

describe("mutating webhooks", () => {
  test("change what is written", async () => {
    await register("Mutating", [{}]);
    answer = () => ({ allowed: true, patchType: "JSONPatch", patch: patch({ op: "add", path: "/data", value: { a: "b" } }) });
    expect((await create("a")).body).toMatchObject({ data: { a: "b" }, metadata: { name: "a" } });
    expect((await server.send("GET", `${CONFIG_MAPS}/a`)).body.data).toEqual({ a: "b" });
  });

  test("that want it see what later ones changed", async () => {
    await register("Mutating", [{ reinvocationPolicy: "IfNeeded" }, {}]);
    const add = (key: string) => ({ allowed: true, patchType: "JSONPatch", patch: patch({ op: "add", path: `/metadata/annotations`, value: { [key]: "yes" } }) });
    answer = ({ object }, path) => {
      const { metadata } = object as { metadata: { annotations?: Record<string, string> } };
      return path.startsWith("/1") && metadata.annotations === undefined ? add("late") : { allowed: true };
    };
    await create("a");
    expect(hook.asked.map(({ object }) => (object as { metadata: { annotations?: object } }).metadata.annotations)).toEqual([undefined, undefined, { late: "yes" }]);
  });

  test("cannot write what is not valid", async () => {
    await register("Mutating", [{}]);
    answer = () => ({ allowed: true, patchType: "JSONPatch", patch: patch({ op: "add", path: "/data", value: { "no key": "b" } }) });
    expect((await create("a")).body).toMatchObject({ code: 422, reason: "Invalid" });
    answer = () => ({ allowed: true, patch: patch() });
    expect((await create("a")).body.message).toContain("webhook returned response.patch but not response.patchType");
  });
});
