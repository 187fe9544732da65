// OpenAPI v3: one document a group version.
import type { Resource } from "../resource.ts";
import { customDefinitions, type CustomSchema } from "./custom-definitions.ts";
import { definitionsOf, type Documentation, type JsonSchema, OPENAPI_V3 } from "./definitions.ts";
import type { DocumentParts } from "./document.ts";
import { type Operation, operationsOf, PARAMETERS, type ParameterName, typesOf } from "./operations.ts";

/** The document of a group version's resources. */
export function openapiV3(resources: readonly Resource[], documentation: Documentation, serverVersion: string, customSchema: CustomSchema): DocumentParts {
  return {
    head: { openapi: "3.0.0", info: { title: "Kubernetes", version: serverVersion } },
    *paths() {
      for (const resource of resources) yield* paths(operationsOf(resource));
    },
    *definitions() {
      yield* definitionsOf(resources.flatMap(typesOf), documentation, OPENAPI_V3);
      yield* customDefinitions(resources, customSchema, OPENAPI_V3);
    },
    definitionsAt: ["components", "schemas"],
  };
}

function paths(operations: readonly Operation[]): [string, JsonSchema][] {
  const byPath: Record<string, JsonSchema> = {};
  for (const operation of operations) {
    const item = (byPath[operation.path] ??= { parameters: operation.parameters.filter(isShared).map(parameter) });
    const own = operation.parameters.filter((name) => !isShared(name));
    item[operation.method] = {
      tags: [operation.tag],
      description: operation.description,
      operationId: operation.id,
      ...(own.length > 0 && { parameters: own.map(parameter) }),
      ...(operation.body && { requestBody: { ...(operation.body.required && { required: true }), content: content(operation.body.mediaTypes, operation.body.definition) } }),
      responses: responses(operation),
      "x-kubernetes-action": operation.action,
      "x-kubernetes-group-version-kind": operation.kind,
    };
  }
  return Object.entries(byPath);
}

/** Whether a parameter stands at the path, for all its methods. */
function isShared(name: ParameterName): boolean {
  return PARAMETERS[name].in === "path" || name === "pretty";
}

function parameter(name: ParameterName): JsonSchema {
  const { in: place, type, description } = PARAMETERS[name];
  return { name, in: place, description, ...(place === "path" && { required: true }), schema: { type, uniqueItems: true } };
}

function responses(operation: Operation): JsonSchema {
  const described: Record<number, string> = { 200: "OK", 201: "Created", 202: "Accepted" };
  const body = operation.response === undefined ? Object.fromEntries(operation.mediaTypes.map((type) => [type, { schema: { type: "string" } }])) : content(operation.mediaTypes, operation.response);
  return { ...Object.fromEntries(operation.statuses.map((status) => [status, { description: described[status], content: body }])), 401: { description: "Unauthorized" } };
}

function content(mediaTypes: readonly string[], definition: string): JsonSchema {
  return Object.fromEntries(mediaTypes.map((type) => [type, { schema: { $ref: OPENAPI_V3.referencePrefix + definition } }]));
}
