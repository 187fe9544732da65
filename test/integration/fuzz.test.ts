import { describe, expect, test } from "vitest";
import { formatApiVersion, type UnstructuredObject } from "../../src/api/object.ts";
import type { Resource } from "../../src/apiserver/resource.ts";
import { ADMIN, type TestAnswer, type TestServer, testServer } from "../fixtures/api-server.ts";
import { validObject } from "../fixtures/valid-objects.ts";

const MUTATIONS = 10_000;
const WRONG_VALUES: readonly unknown[] = [
  null, true, false, 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e300, "", " ", "x", "é\u0000", "\ud800", "a/b", "../..", "-", "*", "${A}", "100%", "-1Gi", "1e400", "9999999999999999999",
  [], {}, [null], [[]], [{}], ["", ""], { a: null }, { "": [] }, { a: { b: { c: [1] } } }, "2026-13-45T00:00:00Z", "x".repeat(300),
];
const ODD_KEYS = ["__proto__", "constructor", "toString", "Name", "", "$patch", "name", "status", "spec"];
const PATCH_TYPES = ["application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml", "application/json-patch+json"];

/** Numbers in [0, 1) that are the same ones in each run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Objects with one to three things wrong with them, or odd, or by chance right. */
class Mutator {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = generator(seed);
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  mutate(object: unknown): Record<string, unknown> {
    const copy = structuredClone(object) as Record<string, unknown>;
    for (let times = 1 + Math.floor(this.random() * 3); times > 0; times--) this.change(copy);
    return copy;
  }

  private change(object: Record<string, unknown>): void {
    const places: { holder: Record<string, unknown>; key: string }[] = [];
    const walk = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        // The identity is left alone more often than not, so that most objects get as far as their checks.
        if ((key === "kind" || key === "apiVersion") && this.random() < 0.9) continue;
        places.push({ holder: value as Record<string, unknown>, key });
        walk(inner);
      }
    };
    walk(object);
    if (places.length === 0) return;
    const { holder, key } = this.pick(places);
    const how = this.random();
    if (how < 0.1 && !Array.isArray(holder)) Object.defineProperty(holder, this.pick(ODD_KEYS), { value: this.wrongValue(), enumerable: true, configurable: true, writable: true });
    else if (how < 0.2) delete holder[key];
    else if (how < 0.3) holder[key] = structuredClone(this.pick(places).holder);
    else if (how < 0.35 && Array.isArray(holder)) holder.push(structuredClone(holder[0]));
    else holder[key] = this.wrongValue();
  }

  private wrongValue(): unknown {
    return structuredClone(this.pick(WRONG_VALUES));
  }
}

interface Target {
  readonly resource: Resource;
  readonly apiVersion: string;
  readonly collection: string;
  readonly object: Record<string, unknown>;
  readonly path: string;
}

/** The resources that can be written, each with an object of it stored. */
async function storedTargets(server: TestServer): Promise<Target[]> {
  const targets: Target[] = [];
  for (const resource of server.server.resources.all()) {
    const apiVersion = formatApiVersion(resource);
    const object = validObject(apiVersion, resource.kind, `fuzz-${targets.length}`);
    if (object === undefined) continue;
    const collection = `${resource.group === "" ? "/api" : "/apis"}/${apiVersion}${resource.namespaced ? "/namespaces/default" : ""}/${resource.resource}`;
    const created = await server.send("POST", collection, { body: object });
    expect(created.body, `${resource.kind}: ${created.body.message}`).toMatchObject({ kind: resource.kind });
    targets.push({ resource, apiVersion, collection, object, path: `${collection}/${created.body.metadata.name}` });
  }
  return targets;
}

async function attempt(server: TestServer, target: Target, mutator: Mutator): Promise<{ method: string; answer: TestAnswer }> {
  const send = async (method: string, url: string, request: { headers?: Record<string, string>; body: string }) => ({ method, answer: await server.send(method, url, request) });
  const body = mutator.mutate(mutator.random() < 0.5 ? target.object : (await server.send("GET", target.path)).body);
  const validation = mutator.pick(["", "?fieldValidation=Ignore", "?fieldValidation=Strict"]);
  const how = mutator.random();
  if (how < 0.4) {
    const metadata = body["metadata"];
    if (typeof metadata === "object" && metadata !== null && "resourceVersion" in metadata) delete metadata.resourceVersion;
    return send("POST", `${target.collection}?dryRun=All${validation.replace("?", "&")}`, { body: JSON.stringify(body) });
  }
  if (how < 0.7) return send("PUT", `${target.path}${validation}`, { body: JSON.stringify(body) });
  const type = mutator.pick(PATCH_TYPES);
  const patch = type === "application/json-patch+json" ? Object.keys(body).map((key) => ({ op: mutator.pick(["add", "replace", "test", "remove", "move", "x"]), path: `/${key}`, value: body[key] })) : body;
  const query = type === "application/apply-patch+yaml" ? "?fieldManager=fuzz&force=true" : validation;
  return send("PATCH", `${target.path}${query}`, { headers: { "content-type": type }, body: JSON.stringify(patch) });
}

/** What was stored is valid, and decodes to itself. */
async function expectSound(server: TestServer, target: Target): Promise<void> {
  const { status, body } = await server.send("GET", target.path);
  if (status === 404) return;
  const again = await server.send("PUT", `${target.path}?dryRun=All`, { body: JSON.stringify(body) });
  expect(again.status, `${JSON.stringify(again.body)}\n${JSON.stringify(body)}`).toBe(200);
  expect(withoutServerFields(again.body)).toEqual(withoutServerFields(body));
}

function withoutServerFields(object: UnstructuredObject): object {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

describe("10,000 mutations of valid objects", () => {
  const SHARES = 4;
  test.each(Array.from({ length: SHARES }, (_, index) => index))("are answered each, and leave nothing unsound: part %i", { timeout: 120_000 }, async (share) => {
    const errors: unknown[] = [];
    const logger = { debug() {}, info() {}, warn() {}, error: (message: string, fields?: object) => errors.push(message, fields), child: () => logger } as never;
    const server = await testServer(() => ({ logger }));
    const targets = await storedTargets(server);
    const mutator = new Mutator(1 + share);
    const statuses = new Map<number, number>();
    for (let round = 0; round < MUTATIONS / SHARES; round++) {
      const target = mutator.pick(targets);
      const { method, answer } = await attempt(server, target, mutator);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status >= 400) expect(answer.body).toMatchObject({ kind: "Status", status: "Failure", code: answer.status });
      // Kubernetes has no better code for patches that cannot be merged and versions that are none; what fails by mistake is in the log.
      if (answer.status >= 500 && method !== "PATCH") expect(answer.body.message).toMatch(/^strconv.ParseUint: |^resourceVersion should not be set/);
      expect(errors).toEqual([]);
      if (answer.status < 300) await expectSound(server, target);
    }
    expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 201, 400, 422]));
  });
});

describe("bad requests", () => {
  const MAPS = "/api/v1/namespaces/default/configmaps";
  const refused = async (server: TestServer, code: number, method: string, url: string, body?: string | Uint8Array, type = "application/json") => {
    const response = await server.server.handle({ method, url, headers: { "content-type": type }, ...(body !== undefined && { body: Buffer.from(body) }), user: ADMIN, signal: new AbortController().signal });
    const text = response.body.type === "object" ? response.body.text() : "";
    expect(JSON.parse(text), `${method} ${url}`).toMatchObject({ kind: "Status", status: "Failure", code });
  };
  const yamlBomb = `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 12 }, (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(", ")}]`).join("\n")}\n`;

  test("of bodies that are too deep, too large when unfolded, or no text", async () => {
    const server = await testServer();
    const deep = (depth: number) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":${'{"a":'.repeat(depth)}1${"}".repeat(depth)}}`;
    for (const depth of [1_000, 20_000, 300_000]) await refused(server, 400, "POST", MAPS, deep(depth));
    await refused(server, 400, "POST", MAPS, `${"[".repeat(300_000)}`);
    await refused(server, 400, "POST", MAPS, yamlBomb, "application/yaml");
    await refused(server, 400, "POST", MAPS, "a: &a\n  b: *a\n", "application/yaml");
    for (const type of ["application/json", "application/yaml"]) await refused(server, 400, "POST", MAPS, Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), type);
    await refused(server, 400, "POST", MAPS, Uint8Array.of(0x6b, 0x38, 0x73, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff), "application/vnd.kubernetes.protobuf");
    for (const type of ["text/plain", "application/cbor", "application/xml", "nonsense"]) await refused(server, 415, "POST", MAPS, "{}", type);
    await refused(server, 415, "PATCH", `${MAPS}/a`, "{}", "application/json");
    await refused(server, 404, "PATCH", `${MAPS}/a`, "{}", "application/merge-patch+json");
    expect((await server.send("GET", MAPS)).body.items).toEqual([]);
  });

  test("of parameters that make no sense", async () => {
    const server = await testServer();
    for (const name of ["a", "b", "c"]) await server.send("POST", MAPS, { body: { metadata: { name } } });
    for (const token of ["x", "e30", Buffer.from('{"v":"meta.k8s.io/v1","rv":-1,"start":"../../../x"}').toString("base64url"), "%00", "A".repeat(5_000)]) {
      await refused(server, 400, "GET", `${MAPS}?limit=1&continue=${token}`);
    }
    const own = (await server.send("GET", `${MAPS}?limit=1`)).body.metadata.continue;
    const elsewhere = await server.send("GET", `/api/v1/namespaces/default/secrets?limit=1&continue=${own}`);
    expect([200, 400]).toContain(elsewhere.status);
    expect(elsewhere.body.items ?? []).toEqual([]);
    for (const query of ["limit=x", "labelSelector=a%3D%3D%3D", "labelSelector=(", "fieldSelector=nope%3D1", "resourceVersion=x", "watch=1&resourceVersion=x", "resourceVersionMatch=Exact", "timeoutSeconds=x&watch=1", "limit=99999999999999999999"]) {
      const { status, body } = await server.send("GET", `${MAPS}?${query}`);
      expect(body, query).toMatchObject({ kind: "Status", status: "Failure", code: status });
      expect(status, query).toBeLessThan(500);
    }
    expect((await server.send("GET", `${MAPS}?limit=-1`)).body.items).toHaveLength(3);
    await refused(server, 400, "GET", "/api/v1/namespaces/%zz/configmaps");
    await refused(server, 404, "GET", `${MAPS}/${"x".repeat(10_000)}`);
  });
});
