import { beforeEach, describe, expect, test } from "vitest";
import { type TestServer, testServer } from "../fixtures/api-server.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";
const PODS = "/api/v1/namespaces/default/pods";

let server: TestServer;
beforeEach(async () => {
  server = await testServer();
});

const send = (...args: Parameters<TestServer["send"]>) => server.send(...args);
const configMap = (name: string, more: object = {}, labels?: object) => ({ metadata: { name, ...(labels && { labels }) }, ...more });
const pod = (name: string, spec: object = {}) => ({ metadata: { name }, spec: { containers: [{ name: "c", image: "busybox" }], ...spec } });

describe("create", () => {
  test("gives an object its identity and remembers who set what", async () => {
    const { status, body } = await send("POST", MAPS, { body: configMap("a", { data: { x: "1" } }) });
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: "ConfigMap", apiVersion: "v1", metadata: { name: "a", namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" } });
    expect(body.metadata.resourceVersion).toBe(String(server.store.revision));
    expect(body.metadata.managedFields).toMatchObject([{ manager: "test", operation: "Update", fieldsV1: { "f:data": { ".": {}, "f:x": {} } } }]);
  });

  test("refuses a name that is taken, and a namespace that is not there", async () => {
    await send("POST", MAPS, { body: configMap("a") });
    expect((await send("POST", MAPS, { body: configMap("a") })).body).toMatchObject({ code: 409, reason: "AlreadyExists", message: 'configmaps "a" already exists' });
    expect((await send("POST", "/api/v1/namespaces/none/configmaps", { body: configMap("a") })).body).toMatchObject({ code: 404, message: 'namespaces "none" not found' });
  });

  test("makes names from a prefix", async () => {
    const { body } = await send("POST", MAPS, { body: { metadata: { generateName: "job-" } } });
    expect(body.metadata.name).toMatch(/^job-[a-z0-9]{5}$/);
  });

  test("with dryRun stores nothing", async () => {
    expect((await send("POST", `${MAPS}?dryRun=All`, { body: configMap("dry") })).status).toBe(201);
    expect((await send("GET", `${MAPS}/dry`)).status).toBe(404);
  });

  test("warns of unknown fields, or fails, as it is told", async () => {
    const body = { ...configMap("a"), foo: 1 };
    expect((await send("POST", `${MAPS}?dryRun=All`, { body })).warnings).toEqual(['unknown field "foo"']);
    expect((await send("POST", `${MAPS}?dryRun=All&fieldValidation=Strict`, { body })).body).toMatchObject({ code: 400, reason: "BadRequest" });
    expect((await send("POST", `${MAPS}?dryRun=All&fieldValidation=Ignore`, { body })).warnings).toEqual([]);
  });
});

describe("list", () => {
  beforeEach(async () => {
    for (const index of [0, 1, 2, 3, 4]) await send("POST", MAPS, { body: configMap(`c${index}`, {}, { n: String(index % 2) }) });
  });

  test("pages show one snapshot", async () => {
    const first = (await send("GET", `${MAPS}?limit=2`)).body;
    expect(first.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(["c0", "c1"]);
    expect(first.metadata.remainingItemCount).toBe(3);
    await send("DELETE", `${MAPS}/c3`);
    await send("POST", MAPS, { body: configMap("c9") });
    const second = (await send("GET", `${MAPS}?limit=9&continue=${first.metadata.continue}`)).body;
    expect(second.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(["c2", "c3", "c4"]);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(second.metadata.continue).toBeUndefined();
  });

  test("selects by labels and fields", async () => {
    expect((await send("GET", `${MAPS}?labelSelector=n%3D1`)).body.items).toHaveLength(2);
    expect((await send("GET", `${MAPS}?fieldSelector=metadata.name%3Dc4`)).body.items).toHaveLength(1);
    expect((await send("GET", `${MAPS}?fieldSelector=data.x%3D1`)).body).toMatchObject({ code: 400, reason: "BadRequest" });
    expect((await send("GET", `${MAPS}?labelSelector=a+in`)).body).toMatchObject({ code: 400 });
  });

  test("answers as a table, and as metadata alone", async () => {
    const table = (await send("GET", `${MAPS}?limit=1`, { headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" } })).body;
    expect(table).toMatchObject({ kind: "Table", rows: [{ cells: ["c0", 0, "0s"], object: { kind: "PartialObjectMetadata", metadata: { name: "c0" } } }] });
    const partial = (await send("GET", MAPS, { headers: { accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io" } })).body;
    expect(partial).toMatchObject({ kind: "PartialObjectMetadataList", items: [{ kind: "PartialObjectMetadata" }, {}, {}, {}, {}] });
    expect((await send("GET", MAPS, { headers: { accept: "text/html" } })).status).toBe(406);
  });

  test("refuses versions it does not have, and tokens it did not make", async () => {
    expect((await send("GET", `${MAPS}?resourceVersion=99999`)).body).toMatchObject({ code: 504, reason: "Timeout" });
    expect((await send("GET", `${MAPS}?continue=zzz`)).body).toMatchObject({ code: 400, message: expect.stringContaining("invalid continue token") });
    expect((await send("GET", `${MAPS}?resourceVersionMatch=Exact`)).body).toMatchObject({ code: 422, reason: "Invalid" });
  });
});

describe("update", () => {
  test("of an old version is a conflict", async () => {
    const { body } = await send("POST", MAPS, { body: configMap("a") });
    expect((await send("PUT", `${MAPS}/a`, { body: { ...body, data: { x: "1" } } })).status).toBe(200);
    expect((await send("PUT", `${MAPS}/a`, { body: { ...body, data: { x: "2" } } })).body).toMatchObject({
      code: 409,
      message: 'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    });
  });

  test("that changes nothing writes nothing", async () => {
    const { body } = await send("POST", MAPS, { body: configMap("a", { data: { x: "1" } }) });
    await server.clock.step(5_000);
    const again = await send("PUT", `${MAPS}/a`, { body: configMap("a", { data: { x: "1" } }) });
    expect(again.body).toEqual(body);
    expect(server.store.revision).toBe(Number(body.metadata.resourceVersion));
  });

  test("of the status leaves the spec, and the other way round", async () => {
    await send("POST", PODS, { body: pod("p") });
    await send("PATCH", `${PODS}/p/status`, { body: { status: { phase: "Running" }, spec: { nodeName: "n1" } }, headers: { "content-type": "application/merge-patch+json" } });
    await send("PATCH", `${PODS}/p`, { body: { status: { phase: "Failed" }, metadata: { labels: { a: "b" } } }, headers: { "content-type": "application/merge-patch+json" } });
    const { body } = await send("GET", `${PODS}/p`);
    expect(body.status.phase).toBe("Running");
    expect(body.spec.nodeName).toBeUndefined();
    expect(body.metadata.labels).toEqual({ a: "b" });
  });
});

describe("patch", () => {
  const patch = (type: string, body: object | string, url = `${MAPS}/a`) => send("PATCH", url, { body, headers: { "content-type": type } });
  beforeEach(() => send("POST", MAPS, { body: configMap("a", { data: { x: "1", y: "2" } }) }));

  test("in all its forms", async () => {
    expect((await patch("application/merge-patch+json", { data: { x: null } })).body.data).toEqual({ y: "2" });
    expect((await patch("application/json-patch+json", [{ op: "add", path: "/data/z", value: "3" }])).body.data).toEqual({ y: "2", z: "3" });
    expect((await patch("application/strategic-merge-patch+json", { data: { y: "4" } })).body.data).toEqual({ y: "4", z: "3" });
    expect((await patch("application/json", {})).status).toBe(415);
  });

  test("applies on the server, creating what is not there, and names conflicts", async () => {
    const apply = (manager: string, value: string, more = "") =>
      patch("application/apply-patch+yaml", JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "s" }, data: { k: value } }), `${MAPS}/s?fieldManager=${manager}${more}`);
    expect((await apply("one", "1")).status).toBe(201);
    expect((await apply("two", "2")).body).toMatchObject({ code: 409, reason: "Conflict" });
    expect((await apply("two", "2", "&force=true")).body.data).toEqual({ k: "2" });
  });
});

describe("delete", () => {
  test("is a Status, or the object where finalizers hold it", async () => {
    await send("POST", MAPS, { body: configMap("a") });
    expect((await send("DELETE", `${MAPS}/a`)).body).toMatchObject({ kind: "Status", status: "Success", details: { name: "a", kind: "configmaps" } });
    await send("POST", MAPS, { body: { metadata: { name: "b", finalizers: ["example.com/hold"] } } });
    expect((await send("DELETE", `${MAPS}/b`)).body.metadata).toMatchObject({ name: "b", deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 0 });
    await send("PATCH", `${MAPS}/b`, { body: { metadata: { finalizers: null } }, headers: { "content-type": "application/merge-patch+json" } });
    expect((await send("GET", `${MAPS}/b`)).status).toBe(404);
  });

  test("lets a scheduled pod end with grace, which can only be shortened", async () => {
    await send("POST", PODS, { body: pod("p", { nodeName: "n1" }) });
    expect((await send("DELETE", `${PODS}/p`)).body.metadata).toMatchObject({ deletionGracePeriodSeconds: 30, deletionTimestamp: "2026-01-01T00:00:30Z", generation: 2 });
    expect((await send("DELETE", `${PODS}/p`, { body: { gracePeriodSeconds: 60 } })).body.metadata.deletionGracePeriodSeconds).toBe(30);
    expect((await send("DELETE", `${PODS}/p`, { body: { gracePeriodSeconds: 5 } })).body.metadata).toMatchObject({ deletionGracePeriodSeconds: 5, deletionTimestamp: "2026-01-01T00:00:05Z" });
    await send("DELETE", `${PODS}/p`, { body: { gracePeriodSeconds: 0 } });
    expect((await send("GET", `${PODS}/p`)).status).toBe(404);
  });

  test("checks preconditions", async () => {
    await send("POST", MAPS, { body: configMap("a") });
    expect((await send("DELETE", `${MAPS}/a`, { body: { preconditions: { uid: "other" } } })).body).toMatchObject({ code: 409, reason: "Conflict" });
    expect((await send("GET", `${MAPS}/a`)).status).toBe(200);
  });

  test("of a collection takes what is selected", async () => {
    for (const name of ["a", "b"]) await send("POST", MAPS, { body: configMap(name, {}, { g: name }) });
    expect((await send("DELETE", `${MAPS}?labelSelector=g%3Da`)).body.items).toHaveLength(1);
    expect((await send("GET", MAPS)).body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(["b"]);
  });

  test("of a namespace waits for its finalizer, and nothing new comes in", async () => {
    await send("POST", "/api/v1/namespaces", { body: { metadata: { name: "n" } } });
    expect((await send("DELETE", "/api/v1/namespaces/n")).body.status.phase).toBe("Terminating");
    expect((await send("POST", "/api/v1/namespaces/n/configmaps", { body: configMap("a") })).body).toMatchObject({ code: 403, details: { causes: [{ reason: "NamespaceTerminating" }] } });
    const { body } = await send("GET", "/api/v1/namespaces/n");
    await send("PUT", "/api/v1/namespaces/n/finalize", { body: { ...body, spec: { finalizers: [] } } });
    expect((await send("GET", "/api/v1/namespaces/n")).status).toBe(404);
  });
});

describe("watch", () => {
  const types = (events: readonly { type: string; object: { metadata?: { name?: string } } }[]) => events.map(({ type, object }) => `${type} ${object.metadata?.name ?? ""}`.trim());

  test("shows what is there and what happens", async () => {
    await send("POST", MAPS, { body: configMap("a") });
    const { events } = await server.watch(`${MAPS}?watch=true`);
    await send("POST", MAPS, { body: configMap("b") });
    await send("DELETE", `${MAPS}/a`);
    expect(types(events)).toEqual(["ADDED a", "ADDED b", "DELETED a"]);
    expect(JSON.parse(Buffer.from(events[1]?.line ?? []).toString())).toMatchObject({ type: "ADDED", object: { kind: "ConfigMap", metadata: { name: "b" } } });
  });

  test("shows objects that come into the selection, and leave it", async () => {
    const { events } = await server.watch(`${MAPS}?watch=true&labelSelector=l%3D1`);
    const label = (value: string | null) => send("PATCH", `${MAPS}/a`, { body: { metadata: { labels: { l: value } } }, headers: { "content-type": "application/merge-patch+json" } });
    await send("POST", MAPS, { body: configMap("a") });
    await label("1");
    await label(null);
    expect(types(events)).toEqual(["ADDED a", "DELETED a"]);
    expect(events[1]?.object.metadata.labels).toEqual({ l: "1" });
    expect(events[1]?.object.metadata.resourceVersion).toBe(String(server.store.revision));
  });

  test("marks the end of the initial events for lists by watch", async () => {
    await send("POST", MAPS, { body: configMap("a") });
    const { events } = await server.watch(`${MAPS}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`);
    expect(types(events)).toEqual(["ADDED a", "BOOKMARK"]);
    expect(events[1]?.object.metadata).toEqual({ resourceVersion: String(server.store.revision), annotations: { "k8s.io/initial-events-end": "true" } });
  });

  test("sends bookmarks, and ends in time", async () => {
    const { events, ended } = await server.watch(`${MAPS}?watch=true&allowWatchBookmarks=true&timeoutSeconds=90`);
    await server.clock.step(61_000);
    expect(types(events)).toEqual(["BOOKMARK"]);
    await server.clock.step(30_000);
    await ended;
  });

  test("is a table, its columns named once", async () => {
    const { events } = await server.watch(`${MAPS}?watch=true`, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    await send("POST", MAPS, { body: configMap("a") });
    await send("POST", MAPS, { body: configMap("b") });
    const tables = events.map((event) => event.object as unknown as { kind: string; columnDefinitions: unknown[] | null });
    expect(tables.map((table) => [table.kind, table.columnDefinitions?.length ?? 0])).toEqual([["Table", 3], ["Table", 0]]);
  });
});

test("paths and methods that are not there are answered as such", async () => {
  expect((await send("GET", "/nothing")).body).toBe("404 page not found\n");
  expect((await send("GET", `${PODS}/p/foo`)).body).toMatchObject({ code: 404, reason: "NotFound" });
  expect((await send("POST", `${MAPS}/a`, { body: {} })).body).toMatchObject({ code: 405, reason: "MethodNotAllowed" });
  expect((await send("POST", "/api/v1/configmaps", { body: {} })).status).toBe(405);
  expect((await send("GET", "/api/v1/foos")).status).toBe(404);
  expect((await send("HEAD", MAPS)).status).toBe(405);
  expect((await send("GET", "/api/v1/namespaces/%E0%A4%A")).status).toBe(400);
});

describe("managed fields", () => {
  const map = (managedFields?: object[]) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", ...(managedFields && { managedFields }) }, data: { a: "b" } });

  test("are reset by an empty list, and tracked again from an apply on", async () => {
    const server = await testServer();
    const maps = "/api/v1/namespaces/default/configmaps";
    expect((await server.send("POST", maps, { body: map() })).body.metadata.managedFields).toHaveLength(1);
    expect((await server.send("PUT", `${maps}/m`, { body: map([]) })).body.metadata.managedFields).toBeUndefined();
    expect((await server.send("PUT", `${maps}/m`, { body: { ...map(), data: { a: "c" } } })).body.metadata.managedFields).toBeUndefined();
    const patch = { headers: { "content-type": "application/apply-patch+yaml" }, body: map() };
    const applied = await server.send("PATCH", `${maps}/m?fieldManager=me&force=true`, patch);
    expect(applied.body.metadata.managedFields.map((entry: { manager: string }) => entry.manager)).toEqual(["me", "before-first-apply"]);
    const reset = { headers: { "content-type": "application/merge-patch+json" }, body: { metadata: { managedFields: [{}] } } };
    expect((await server.send("PATCH", `${maps}/m`, reset)).body.metadata.managedFields).toBeUndefined();
  });

  test("of replicas go through the scale subresource, and conflict there", async () => {
    const server = await testServer();
    const deployments = "/apis/apps/v1/namespaces/default/deployments";
    const template = { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "c", image: "i" }] } };
    const body = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d" }, spec: { replicas: 1, selector: { matchLabels: { app: "a" } }, template } };
    await server.send("POST", `${deployments}?fieldManager=owner`, { body });
    const ownersOfReplicas = async () => {
      const { metadata } = (await server.send("GET", `${deployments}/d`)).body;
      return metadata.managedFields.filter((entry: { fieldsV1: Record<string, object> }) => "f:replicas" in (entry.fieldsV1["f:spec"] ?? {})).map((entry: { manager: string; subresource?: string }) => `${entry.manager} ${entry.subresource ?? ""}`);
    };
    const scale = (replicas: number) => ({ apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "d", namespace: "default" }, spec: { replicas } });
    expect((await server.send("PUT", `${deployments}/d/scale?fieldManager=scaler`, { body: scale(3) })).body.spec.replicas).toBe(3);
    expect(await ownersOfReplicas()).toEqual(["scaler scale"]);
    const apply = (force: boolean) => server.send("PATCH", `${deployments}/d/scale?fieldManager=applier&force=${force}`, { headers: { "content-type": "application/apply-patch+yaml" }, body: scale(5) });
    expect((await apply(false)).body).toMatchObject({ code: 409, reason: "Conflict" });
    expect((await apply(true)).body.spec.replicas).toBe(5);
    expect(await ownersOfReplicas()).toEqual(["applier scale"]);
  });
});
