// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go: definitions come and go, and what they define with them.
import { createHash } from "node:crypto";
import type { CustomResourceDefinition } from "../../api/generated/types/apiextensions/v1.ts";
import type { Store, StoreEvent } from "../../store/store.ts";
import { keyPrefix } from "../object-storage.ts";
import type { JsonSchema } from "../openapi/definitions.ts";
import type { ResourceTable } from "../resource-table.ts";
import type { Resource } from "../resource.ts";
import { conditionIsTrue } from "./conditions.ts";
import { conversionWebhook, type ConversionWorld } from "./conversion-webhook.ts";
import { customResources } from "./custom-resource.ts";

const DEFINITIONS = keyPrefix({ group: "apiextensions.k8s.io", resource: "customresourcedefinitions" }, "");

interface Served {
  readonly fingerprint: string;
  readonly resources: readonly Resource[];
}

/** Keeps the resource table in step with the stored definitions: what is established is served before the write is acknowledged. */
export class CustomResourceRegistry {
  private readonly resources: ResourceTable;
  private readonly world: ConversionWorld;
  private readonly served = new Map<string, Served>();
  private readonly schemas = new WeakMap<Resource, JsonSchema>();

  constructor(store: Store, resources: ResourceTable, world: Pick<ConversionWorld, "clock" | "ids">) {
    this.world = { ...world, store };
    this.resources = resources;
    const { entries, revision } = store.list(DEFINITIONS);
    for (const entry of entries) this.update(entry.key, entry.value as unknown as CustomResourceDefinition);
    store.watch(DEFINITIONS, revision, (event) => this.onEvent(event));
  }

  /** The OpenAPI schema of a custom resource, as its definition has it. */
  schemaOf(resource: Resource): JsonSchema | undefined {
    return this.schemas.get(resource);
  }

  private onEvent({ type, entry }: StoreEvent): void {
    this.update(entry.key, type === "deleted" ? undefined : (entry.value as unknown as CustomResourceDefinition));
  }

  private update(key: string, definition: CustomResourceDefinition | undefined): void {
    const before = this.served.get(key);
    const established = definition !== undefined && conditionIsTrue(definition, "Established") ? definition : undefined;
    const fingerprint = established && fingerprintOf(established);
    if (before?.fingerprint === fingerprint) return;
    const made = established === undefined ? [] : this.make(established);
    const kept = new Set(made.map(pathOf));
    const gone = (before?.resources ?? []).filter((resource) => !kept.has(pathOf(resource)));
    if (fingerprint === undefined) this.served.delete(key);
    else this.served.set(key, { fingerprint, resources: made });
    this.resources.change({ add: made, remove: gone });
  }

  private make(definition: CustomResourceDefinition): Resource[] {
    const webhook = conversionWebhook(definition, this.world);
    const made = customResources(definition, { convert: (object, apiVersion) => ({ ...object, apiVersion }), ...(webhook && { ask: webhook }) });
    for (const resource of made) {
      const schema = definition.spec.versions.find(({ name }) => name === resource.version)?.schema?.openAPIV3Schema;
      if (schema !== undefined) this.schemas.set(resource, schema as unknown as JsonSchema);
    }
    return made.filter((resource) => this.resources.find(resource.group, resource.version, resource.resource)?.type === undefined);
  }
}

/** Changes with what is served. */
function fingerprintOf(definition: CustomResourceDefinition): string {
  const { metadata, spec, status } = definition;
  const facts = [metadata.uid, metadata.generation, spec, status.acceptedNames, conditionIsTrue(definition, "Terminating")];
  return createHash("sha256").update(JSON.stringify(facts)).digest("base64");
}

function pathOf({ group, version, resource }: Resource): string {
  return `${group}/${version}/${resource}`;
}
