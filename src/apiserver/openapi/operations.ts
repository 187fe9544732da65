// The operations on resources, in the form that both versions of OpenAPI are written from.
// Behaviour: k8s.io/apiserver/pkg/endpoints/installer.go.
import { typeSchema } from "../../api/schema.ts";
import { type ConnectedSubresource, connectedSubresources } from "../discovery/connected-subresources.ts";
import type { Resource } from "../resource.ts";
import { customDefinitionName, definitionName, groupVersionPath } from "./definition-names.ts";

/** One method on one path. */
export interface Operation {
  readonly path: string;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  readonly id: string;
  readonly tag: string;
  readonly description: string;
  /** list, get, post, put, patch, delete, deletecollection, connect. */
  readonly action: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  /** Names of path and query parameters. */
  readonly parameters: readonly ParameterName[];
  readonly body?: { readonly definition: string; readonly required: boolean; readonly mediaTypes: readonly string[] };
  /** The answer's definition; absent: plain text. */
  readonly response?: string;
  readonly statuses: readonly number[];
  readonly mediaTypes: readonly string[];
}

/** What a parameter is. */
export interface Parameter {
  readonly in: "path" | "query";
  readonly type: "string" | "integer" | "boolean";
  readonly description: string;
}

/** Names one of the parameters. */
export type ParameterName = keyof typeof PARAMETERS;

/** The parameters of all operations. */
export const PARAMETERS = {
  name: { in: "path", type: "string", description: "name of the object" },
  namespace: { in: "path", type: "string", description: "object name and auth scope, such as for teams and projects" },
  path: { in: "path", type: "string", description: "path to the resource behind the proxy" },
  pretty: { in: "query", type: "string", description: "If 'true', the output is indented." },
  allowWatchBookmarks: { in: "query", type: "boolean", description: "Asks for watch events of type BOOKMARK." },
  continue: { in: "query", type: "string", description: "The token that the page before returned, to go on from there." },
  fieldSelector: { in: "query", type: "string", description: "Restricts the objects by their fields. Defaults to everything." },
  labelSelector: { in: "query", type: "string", description: "Restricts the objects by their labels. Defaults to everything." },
  limit: { in: "query", type: "integer", description: "The largest number of objects to return; more of them are had with 'continue'." },
  resourceVersion: { in: "query", type: "string", description: "Which resource versions the request may be served from." },
  resourceVersionMatch: { in: "query", type: "string", description: "How resourceVersion is applied to lists." },
  sendInitialEvents: { in: "query", type: "boolean", description: "Begins a watch with the objects there are, and a bookmark after them." },
  timeoutSeconds: { in: "query", type: "integer", description: "Ends the list or watch after that time." },
  watch: { in: "query", type: "boolean", description: "Watches for changes and returns them as a stream of events." },
  dryRun: { in: "query", type: "string", description: "'All': everything is done but for storing the object." },
  fieldManager: { in: "query", type: "string", description: "The name of the actor who makes the changes." },
  fieldValidation: { in: "query", type: "string", description: "What becomes of unknown and duplicate fields: Ignore, Warn (the default) or Strict." },
  force: { in: "query", type: "boolean", description: "Takes over fields that other managers own. Apply patches only." },
  gracePeriodSeconds: { in: "query", type: "integer", description: "Seconds before the object is deleted; 0 deletes at once." },
  orphanDependents: { in: "query", type: "boolean", description: "Deprecated: use propagationPolicy." },
  propagationPolicy: { in: "query", type: "string", description: "What becomes of the dependents: Orphan, Background or Foreground." },
} as const satisfies Record<string, Parameter>;

const LIST: readonly ParameterName[] = ["allowWatchBookmarks", "continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "resourceVersionMatch", "sendInitialEvents", "timeoutSeconds", "watch"];
const WRITE: readonly ParameterName[] = ["dryRun", "fieldManager", "fieldValidation"];
const DELETE: readonly ParameterName[] = ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"];
const OBJECT_TYPES = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
const CUSTOM_TYPES = ["application/json", "application/yaml"];
const STREAM_TYPES = ["application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"];
const PATCH_TYPES = ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml"];
const CUSTOM_PATCH_TYPES = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];
const ALL_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update"];
const STATUS = definitionName("meta.v1.Status");
const DELETE_OPTIONS = definitionName("meta.v1.DeleteOptions");
const PATCH = definitionName("meta.v1.Patch");

const METHODS = { create: "post", get: "get", update: "put", patch: "patch", delete: "delete" } as const;

/** The types that the operations on a resource refer to, its own and those of its list and subresources. */
export function typesOf(resource: Resource): string[] {
  const own = resource.type === undefined ? ["meta.v1.ObjectMeta", "meta.v1.ListMeta"] : [resource.type, ...(typeSchema(`${resource.type}List`) ? [`${resource.type}List`] : [])];
  const connections = connectedSubresources(resource).flatMap(({ type }) => type ?? []);
  return [...own, ...(resource.scale ? ["autoscaling.v1.Scale"] : []), ...connections, "meta.v1.DeleteOptions", "meta.v1.Patch", "meta.v1.Status", "meta.v1.WatchEvent"];
}

/** The name of the definition of a resource's objects. */
export function objectDefinition(resource: Resource): string {
  return resource.type === undefined ? customDefinitionName(resource.group, resource.version, resource.kind) : definitionName(resource.type);
}

/** All operations on a resource. */
export function operationsOf(resource: Resource): Operation[] {
  const builder = new OperationBuilder(resource);
  builder.addCollection();
  builder.addObject();
  builder.addSubresources();
  return builder.operations;
}

class OperationBuilder {
  readonly operations: Operation[] = [];
  private readonly resource: Resource;
  private readonly verbs: ReadonlySet<string>;
  private readonly collection: string;
  private readonly scope: readonly ParameterName[];
  private readonly definition: string;
  private readonly mediaTypes: readonly string[];

  constructor(resource: Resource) {
    this.resource = resource;
    this.verbs = new Set(resource.verbs ?? ALL_VERBS);
    this.collection = `/${groupVersionPath(resource)}/${resource.namespaced ? "namespaces/{namespace}/" : ""}${resource.resource}`;
    this.scope = resource.namespaced ? ["namespace"] : [];
    this.definition = objectDefinition(resource);
    this.mediaTypes = resource.type === undefined ? CUSTOM_TYPES : OBJECT_TYPES;
  }

  addCollection(): void {
    const { resource, collection, scope } = this;
    const list = resource.type === undefined || typeSchema(`${resource.type}List`) ? `${this.definition}List` : undefined;
    if (this.verbs.has("list") && list !== undefined) {
      const answer = { response: list, mediaTypes: [...this.mediaTypes, ...STREAM_TYPES] };
      this.add("get", collection, "list", "list", "", scope, { parameters: LIST, ...answer, description: `list or watch objects of kind ${resource.kind}` });
      if (resource.namespaced) {
        this.add("get", `/${groupVersionPath(resource)}/${resource.resource}`, "list", "list", "ForAllNamespaces", [], { parameters: LIST, ...answer, description: `list or watch objects of kind ${resource.kind}` });
      }
    }
    if (this.verbs.has("create")) this.add("post", collection, "post", "create", "", scope, { parameters: WRITE, body: this.body(), statuses: [200, 201, 202], description: `create ${article(resource.kind)}` });
    if (this.verbs.has("deletecollection")) {
      this.add("delete", collection, "deletecollection", "deleteCollection", "", scope, { parameters: [...new Set([...LIST, ...DELETE])].filter((name) => name !== "watch" && name !== "allowWatchBookmarks"), body: this.deleteBody(), response: STATUS, description: `delete collection of ${resource.kind}` });
    }
  }

  addObject(): void {
    const { resource } = this;
    const path = `${this.collection}/{name}`;
    const scope: readonly ParameterName[] = ["name", ...this.scope];
    this.addView(path, scope, "", resource.kind, this.definition, ["get", "update", "patch"].filter((verb) => this.verbs.has(verb)));
    if (this.verbs.has("delete")) this.add("delete", path, "delete", "delete", "", scope, { parameters: DELETE, body: this.deleteBody(), response: STATUS, statuses: [200, 202], description: `delete ${article(resource.kind)}` });
  }

  addSubresources(): void {
    const { resource } = this;
    const scope: readonly ParameterName[] = ["name", ...this.scope];
    const at = (name: string): string => `${this.collection}/{name}/${name}`;
    if (resource.status !== undefined) this.addView(at("status"), scope, "Status", resource.kind, this.definition, ["get", "update", "patch"]);
    for (const name of Object.keys(resource.subresources ?? {})) {
      this.addView(at(name), scope, capitalized(name), resource.kind, this.definition, name === "finalize" ? ["update"] : ["get", "update", "patch"]);
    }
    if (resource.scale !== undefined) {
      this.addView(at("scale"), scope, "Scale", "Scale", definitionName("autoscaling.v1.Scale"), ["get", "update", "patch"], { group: "autoscaling", version: "v1", kind: "Scale" });
    }
    for (const connection of connectedSubresources(resource)) this.addConnection(connection, at(connection.name), scope);
  }

  private addView(path: string, scope: readonly ParameterName[], suffix: string, kindName: string, definition: string, verbs: readonly string[], kind?: Operation["kind"]): void {
    const common = { ...(kind && { kind }), response: definition };
    const what = suffix === "" ? kindName : `${suffix.toLowerCase()} of the specified ${this.resource.kind}`;
    if (verbs.includes("get")) this.add("get", path, "get", "read", suffix, scope, { ...common, description: `read the specified ${what}` });
    if (verbs.includes("update")) this.add("put", path, "put", "replace", suffix, scope, { ...common, parameters: WRITE, body: this.body(definition), statuses: [200, 201], description: `replace the specified ${what}` });
    if (verbs.includes("patch")) {
      const mediaTypes = this.resource.type === undefined ? CUSTOM_PATCH_TYPES : PATCH_TYPES;
      this.add("patch", path, "patch", "patch", suffix, scope, { ...common, parameters: [...WRITE, "force"], body: { definition: PATCH, required: true, mediaTypes }, statuses: [200, 201], description: `partially update the specified ${what}` });
    }
  }

  private addConnection(connection: ConnectedSubresource, path: string, scope: readonly ParameterName[]): void {
    const suffix = capitalized(connection.name);
    const { group = this.resource.group, version = this.resource.version } = connection;
    const kind = { group, version, kind: connection.kind };
    if (connection.type !== undefined) {
      const definition = definitionName(connection.type);
      this.add("post", path, "post", "create", suffix, scope, { kind, parameters: WRITE, body: this.body(definition), response: definition, statuses: [200, 201, 202], description: `create ${connection.name} of a ${this.resource.kind}` });
      return;
    }
    const action = connection.name === "log" ? "get" : "connect";
    for (const method of connection.verbs.map((verb) => METHODS[verb])) {
      this.add(method, path, action, `${action === "get" ? "read" : "connect"}${action === "get" ? "" : capitalized(method)}`, suffix, scope, { kind, response: "", mediaTypes: ["*/*"], description: `${action} ${method.toUpperCase()} requests to ${connection.name} of ${this.resource.kind}` });
      if (connection.name === "proxy") {
        this.add(method, `${path}/{path}`, action, `connect${capitalized(method)}`, `${suffix}WithPath`, [...scope, "path"], { kind, response: "", mediaTypes: ["*/*"], description: `connect ${method.toUpperCase()} requests to ${connection.name} of ${this.resource.kind}` });
      }
    }
  }

  private body(definition = this.definition): NonNullable<Operation["body"]> {
    return { definition, required: true, mediaTypes: this.mediaTypes };
  }

  private deleteBody(): NonNullable<Operation["body"]> {
    return { definition: DELETE_OPTIONS, required: false, mediaTypes: this.mediaTypes };
  }

  private add(method: Operation["method"], path: string, action: string, idVerb: string, suffix: string, scope: readonly ParameterName[], more: Partial<Operation> & { description: string }): void {
    const { resource } = this;
    const group = groupId(resource.group);
    const verb = idVerb === "deleteCollection" ? "delete" : idVerb;
    const collection = idVerb === "deleteCollection" ? "Collection" : "";
    const namespaced = scope.includes("namespace") ? "Namespaced" : "";
    const { response = this.definition, parameters = [], ...rest } = more;
    this.operations.push({
      path,
      method,
      id: `${verb}${group}${capitalized(resource.version)}${collection}${namespaced}${resource.kind}${suffix}`,
      tag: `${group.charAt(0).toLowerCase()}${group.slice(1)}_${resource.version}`,
      action,
      kind: { group: resource.group, kind: resource.kind, version: resource.version },
      parameters: [...scope, "pretty", ...parameters],
      ...(response !== "" && { response }),
      statuses: [200],
      mediaTypes: this.mediaTypes,
      ...rest,
    });
  }
}

/** "rbac.authorization.k8s.io" -> "RbacAuthorization". */
function groupId(group: string): string {
  if (group === "") return "Core";
  return group.replace(/\.k8s\.io$/, "").split(".").map(capitalized).join("");
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function article(kind: string): string {
  return `${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}`;
}
