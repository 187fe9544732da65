// Custom resources over real HTTP: from a definition to its objects and back.
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen, type Listener } from "../../src/apiserver/listener/listener.ts";
import { InformerFactory } from "../../src/client/informer.ts";
import { createCustomResourceDefinitionController } from "../../src/controllers/custom-resource-definitions/custom-resource-definition.ts";
import { runControllers } from "../../src/controllers/start.ts";
import { createBootstrapObjects } from "../../src/daemon/bootstrap.ts";
import { ADMINISTRATOR, createControlPlane } from "../../src/daemon/control-plane.ts";
import { createServiceAccountTokens } from "../../src/daemon/service-account-tokens.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import { systemClock } from "../../src/util/clock.ts";
import { randomIds } from "../../src/util/ids.ts";
import { silentLogger } from "../../src/util/logger.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const WIDGETS = "/apis/example.com/v1/namespaces/default/widgets";
const stop = new AbortController();
let listener: Listener;
let controllers: Promise<void>;

beforeAll(async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const context = { clock: systemClock, ids: randomIds, logger: silentLogger };
  const tokens = createServiceAccountTokens(privateKey.export({ type: "pkcs8", format: "pem" }).toString(), systemClock, randomIds);
  const plane = createControlPlane({ ...context, store: createMemoryStore(), tokens, nodeConnections: () => undefined, serverAddress: "127.0.0.1:0" });
  await createBootstrapObjects(plane.clientOf("test"), plane.resourceOf);
  const informers = new InformerFactory({ ...context, client: plane.clientOf("test") });
  controllers = runControllers({ ...context, client: plane.clientOf("test"), informers, signal: stop.signal }, [createCustomResourceDefinitionController]);
  informers.start(stop.signal);
  listener = await listen(plane.server, { at: { host: "127.0.0.1", port: 0 }, user: ADMINISTRATOR, clock: systemClock, logger: silentLogger });
});

afterAll(async () => {
  stop.abort();
  await controllers;
  await listener.close();
});

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: Record<string, any>;
}

async function send(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${listener.port}${path}`, { method, headers: { "content-type": contentType }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : {} };
}

function definition(plural: string, kind: string, version: Record<string, unknown> = {}) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.example.com` },
    spec: { group: "example.com", scope: "Namespaced", names: { plural, kind }, versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: SCHEMA }, ...version }] },
  };
}

const SCHEMA = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        mode: { type: "string", enum: ["a", "b"], default: "a" },
        count: { type: "integer", minimum: 1 },
        ports: { type: "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port"], items: { type: "object", required: ["port"], properties: { port: { type: "integer" } } } },
      },
      "x-kubernetes-validations": [
        { rule: "!has(self.count) || self.count < 10", message: "too many" },
        { rule: "!has(oldSelf.count) || self.count >= oldSelf.count", messageExpression: "'was ' + string(oldSelf.count)" },
      ],
    },
    status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  },
};

/** Waits for the first watch event that fits. */
async function until(path: string, fits: (object: Answer["body"]) => boolean): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${listener.port}${path}`);
  let rest = "";
  for await (const chunk of response.body ?? []) {
    rest += Buffer.from(chunk).toString("utf8");
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    if (lines.some((line) => fits(JSON.parse(line)))) return;
  }
  throw new Error("the watch ended");
}

async function establish(body: ReturnType<typeof definition>): Promise<void> {
  expect((await send("POST", DEFINITIONS, body)).status).toBe(201);
  await until(`${DEFINITIONS}?watch=true&fieldSelector=metadata.name=${body.metadata.name}`, ({ object }) =>
    object.status.conditions?.some((condition: { type: string; status: string }) => condition.type === "Established" && condition.status === "True"),
  );
}

const widget = (spec: unknown, name = "w") => ({ apiVersion: "example.com/v1", kind: "Widget", metadata: { name }, spec });

describe("custom resources", () => {
  beforeAll(() => establish(definition("widgets", "Widget", { subresources: { status: {} } })));

  it("are served with defaults as soon as they are established, and pruned", async () => {
    const created = await send("POST", WIDGETS, widget({ count: 1, unknown: true }));
    expect(created).toMatchObject({ status: 201, body: { metadata: { generation: 1 }, spec: { mode: "a", count: 1 } } });
    expect(created.body["spec"]).not.toHaveProperty("unknown");
  });

  it("are checked by their schema and its rules", async () => {
    expect((await send("POST", WIDGETS, widget({ count: 0 }, "x"))).body["message"]).toContain("spec.count in body should be greater than or equal to 1");
    expect((await send("POST", WIDGETS, widget({ count: 11 }, "x"))).body["message"]).toBe('Widget.example.com "x" is invalid: spec: Invalid value: too many');
    const twice = await send("POST", WIDGETS, widget({ ports: [{ port: 1 }, { port: 1 }] }, "x"));
    expect(twice.body["details"].causes).toEqual([{ reason: "FieldValueDuplicate", message: 'Duplicate value: {"port":1}', field: "spec.ports[1]" }]);
  });

  it("keep spec and status apart, and compare with what was before", async () => {
    const changed = await send("PATCH", `${WIDGETS}/w/status`, { spec: { count: 5 }, status: { phase: "ok" } }, "application/merge-patch+json");
    expect(changed.body).toMatchObject({ metadata: { generation: 1 }, spec: { count: 1 }, status: { phase: "ok" } });
    expect((await send("PATCH", `${WIDGETS}/w`, { spec: { count: 5 } }, "application/merge-patch+json")).body).toMatchObject({ metadata: { generation: 2 } });
    expect((await send("PATCH", `${WIDGETS}/w`, { spec: { count: 4 } }, "application/merge-patch+json")).body["message"]).toContain("was 5");
  });

  it("are refused names that others have", async () => {
    expect((await send("POST", DEFINITIONS, definition("others", "Widget"))).status).toBe(201);
    await until(`${DEFINITIONS}?watch=true&fieldSelector=metadata.name=others.example.com`, ({ object }) =>
      object.status.conditions?.some((condition: { reason: string; message: string }) => condition.reason === "ListKindConflict" && condition.message === '"WidgetList" is already in use'),
    );
    expect((await send("GET", "/apis/example.com/v1/others")).status).toBe(404);
  });

  it("go with their definition, and their watches end", async () => {
    const watching = fetch(`http://127.0.0.1:${listener.port}${WIDGETS}?watch=true`).then((response) => response.text());
    expect((await send("DELETE", `${DEFINITIONS}/widgets.example.com`)).body["metadata"].finalizers).toEqual(["customresourcecleanup.apiextensions.k8s.io"]);
    await watching;
    await until(`${DEFINITIONS}?watch=true&fieldSelector=metadata.name=others.example.com`, ({ object }) => object.status.acceptedNames.kind === "Widget");
    expect((await send("GET", `${DEFINITIONS}/widgets.example.com`)).status).toBe(404);
    expect((await send("GET", WIDGETS)).status).toBe(404);
  });
});
