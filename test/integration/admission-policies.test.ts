import { beforeEach, describe, expect, test } from "vitest";
import { admittingServer } from "../fixtures/admitting-server.ts";
import type { TestServer } from "../fixtures/api-server.ts";

const REGISTRATION = "/apis/admissionregistration.k8s.io/v1";
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const matchConstraints = { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"] }] };

let server: TestServer;
beforeEach(async () => {
  server = await admittingServer();
});

async function post(path: string, body: object) {
  const answer = await server.send("POST", path, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

async function bind(kind: "validating" | "mutating", spec: object, binding: object = kind === "validating" ? { validationActions: ["Deny"] } : {}, name = "policy") {
  await post(`${REGISTRATION}/${kind}admissionpolicies`, { metadata: { name }, spec: { matchConstraints, ...spec } });
  await post(`${REGISTRATION}/${kind}admissionpolicybindings`, { metadata: { name: "binding" }, spec: { policyName: name, ...binding } });
}

const create = (name: string, more: object = {}) => server.send("POST", CONFIG_MAPS, { body: { metadata: { name }, ...more } });
const DENIED = "ValidatingAdmissionPolicy 'policy' with binding 'binding' denied request: ";

describe("validating policies", () => {
  test("refuse with the reason and the words that they choose", async () => {
    await bind("validating", {
      variables: [{ name: "size", expression: "has(object.data) ? size(object.data) : 0" }],
      validations: [
        { expression: "variables.size < 2", messageExpression: "'too many: ' + string(variables.size)", reason: "Forbidden" },
        { expression: "object.metadata.name != 'bad'" },
      ],
    });
    expect((await create("good")).status).toBe(201);
    const many = await create("many", { data: { a: "1", b: "2" } });
    expect(many.body).toMatchObject({ code: 403, reason: "Forbidden", message: `configmaps "many" is forbidden: ${DENIED}too many: 2`, details: { causes: [{ message: `${DENIED}too many: 2` }] } });
    expect((await create("bad")).body).toMatchObject({ code: 422, reason: "Invalid", message: `configmaps "bad" is forbidden: ${DENIED}failed expression: object.metadata.name != 'bad'` });
  });

  test("that fail refuse, or not, as they say", async () => {
    await bind("validating", { validations: [{ expression: "object.data.missing == 'x'" }] });
    expect((await create("a", { data: { b: "c" } })).body.message).toContain("expression 'object.data.missing == 'x'' resulted in error: no such key: missing");
    await server.send("PATCH", `${REGISTRATION}/validatingadmissionpolicies/policy`, { body: { spec: { failurePolicy: "Ignore" } }, headers: { "content-type": "application/merge-patch+json" } });
    expect((await create("a", { data: { b: "c" } })).status).toBe(201);
  });

  test("see the request, its namespace and who asks, and what they may", async () => {
    await bind("validating", {
      matchConditions: [{ name: "not-me", expression: "request.userInfo.username == 'admin'" }],
      validations: [
        { expression: "request.operation == 'UPDATE' ? oldObject.data.a == '1' : oldObject == null" },
        { expression: "namespaceObject.metadata.name == 'default'" },
        { expression: "authorizer.group('').resource('secrets').namespace('default').check('get').allowed() && authorizer.requestResource.check('create').allowed()" },
      ],
    });
    expect((await create("a", { data: { a: "1" } })).body).toMatchObject({ kind: "ConfigMap" });
    expect((await server.send("PUT", `${CONFIG_MAPS}/a`, { body: { metadata: { name: "a" }, data: { a: "2" } } })).body).toMatchObject({ kind: "ConfigMap" });
  });

  test("take parameters", async () => {
    const paramRef = { name: "limit", namespace: "kube-system", parameterNotFoundAction: "Deny" };
    await bind("validating", { paramKind: { apiVersion: "v1", kind: "Secret" }, validations: [{ expression: "size(object.metadata.name) < size(params.type)" }] }, { validationActions: ["Deny"], paramRef });
    expect((await create("a")).body.message).toBe(`configmaps "a" is forbidden: ${DENIED}failed to configure binding: no params found for policy binding with \`Deny\` parameterNotFoundAction`);
    await post("/api/v1/namespaces", { metadata: { name: "kube-system" } });
    await post("/api/v1/namespaces/kube-system/secrets", { metadata: { name: "limit" } });
    expect((await create("a")).status).toBe(201);
    expect((await create("a-very-long-name")).status).toBe(422);
  });

  test("may only warn", async () => {
    await bind("validating", { validations: [{ expression: "false", message: "beware" }] }, { validationActions: ["Warn"] });
    expect(await create("a")).toMatchObject({ status: 201, warnings: ["Validation failed for ValidatingAdmissionPolicy 'policy' with binding 'binding': beware"] });
  });

  test("are not asked about what they exclude", async () => {
    const excludeResourceRules = [{ ...matchConstraints.resourceRules[0], resourceNames: ["spared"] }];
    await bind("validating", { matchConstraints: { ...matchConstraints, excludeResourceRules }, validations: [{ expression: "false" }] });
    expect((await create("spared")).status).toBe(201);
    expect((await create("other")).status).toBe(422);
  });
});

describe("mutating policies", () => {
  test("apply configurations and patches", async () => {
    await bind("mutating", {
      reinvocationPolicy: "Never",
      mutations: [
        { patchType: "ApplyConfiguration", applyConfiguration: { expression: "Object{metadata: Object.metadata{labels: {'by': request.userInfo.username}}}" } },
        { patchType: "JSONPatch", jsonPatch: { expression: "[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: 'c'}]" } },
      ],
    });
    expect((await create("a")).body.metadata.labels).toEqual({ by: "admin", "a/b": "c" });
  });

  test("that cannot be applied refuse the request", async () => {
    await bind("mutating", { reinvocationPolicy: "Never", mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: "[JSONPatch{op: 'remove', path: '/data'}]" } }] });
    const { body } = await create("a");
    expect(body).toMatchObject({ code: 403, reason: "Invalid" });
    expect(body.message).toMatch(/^policy 'policy' with binding 'binding' denied request: JSON Patch: /);
  });
});
