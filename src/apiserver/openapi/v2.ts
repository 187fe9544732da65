// OpenAPI v2: one document of everything, for older clients.
import type { Resource } from "../resource.ts";
import { customDefinitions, type CustomSchema } from "./custom-definitions.ts";
import { definitionsOf, type Documentation, type JsonSchema, OPENAPI_V2 } from "./definitions.ts";
import type { DocumentParts } from "./document.ts";
import { type Operation, operationsOf, PARAMETERS, type ParameterName, typesOf } from "./operations.ts";

/** The document of all resources. */
export function openapiV2(resources: readonly Resource[], documentation: Documentation, serverVersion: string, customSchema: CustomSchema): DocumentParts {
  return {
    head: {
      swagger: "2.0",
      info: { title: "Kubernetes", version: serverVersion },
      securityDefinitions: { BearerToken: { description: "Bearer Token authentication", type: "apiKey", name: "authorization", in: "header" } },
      security: [{ BearerToken: [] }],
    },
    *paths() {
      for (const resource of resources) yield* paths(operationsOf(resource));
    },
    *definitions() {
      yield* definitionsOf(resources.flatMap(typesOf), documentation, OPENAPI_V2);
      yield* customDefinitions(resources, customSchema, OPENAPI_V2);
    },
    definitionsAt: ["definitions"],
  };
}

function paths(operations: readonly Operation[]): [string, JsonSchema][] {
  const byPath: Record<string, JsonSchema> = {};
  for (const operation of operations) {
    const item = (byPath[operation.path] ??= { parameters: operation.parameters.filter((name) => PARAMETERS[name].in === "path").map(parameter) });
    const { body } = operation;
    const parameters = operation.parameters.filter((name) => PARAMETERS[name].in === "query").map(parameter);
    if (body !== undefined) parameters.unshift({ name: "body", in: "body", ...(body.required && { required: true }), schema: { $ref: OPENAPI_V2.referencePrefix + body.definition } });
    item[operation.method] = {
      description: operation.description,
      consumes: operation.body?.mediaTypes ?? ["*/*"],
      produces: operation.mediaTypes,
      schemes: ["https"],
      tags: [operation.tag],
      operationId: operation.id,
      parameters,
      responses: responses(operation),
      "x-kubernetes-action": operation.action,
      "x-kubernetes-group-version-kind": operation.kind,
    };
  }
  return Object.entries(byPath);
}

function parameter(name: ParameterName): JsonSchema {
  const { in: place, type, description } = PARAMETERS[name];
  return { uniqueItems: true, type, description, name, in: place, ...(place === "path" && { required: true }) };
}

function responses(operation: Operation): JsonSchema {
  const described: Record<number, string> = { 200: "OK", 201: "Created", 202: "Accepted" };
  const schema = operation.response === undefined ? { type: "string" } : { $ref: OPENAPI_V2.referencePrefix + operation.response };
  return { ...Object.fromEntries(operation.statuses.map((status) => [status, { description: described[status], schema }])), 401: { description: "Unauthorized" } };
}
