// Behaviour: k8s.io/client-go/openapi: the server's OpenAPI v3 documents, one a group version.
import { requestBody } from "../client/rest-client.ts";
import type { Transport } from "../client/transport.ts";

/** The part of a JSON schema that is read here. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly allOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly enum?: readonly unknown[];
  readonly externalDocs?: { readonly description?: string; readonly url?: string };
  readonly "x-kubernetes-group-version-kind"?: readonly OpenApiKind[];
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-list-type"?: string;
}

/** A kind as documents name it. */
export interface OpenApiKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** One group version's document. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, OpenApiSchema>> };
}

/** The document of a group version; undefined when the server has none. */
export async function openApiDocument(transport: Transport, group: string, version: string): Promise<OpenApiDocument | undefined> {
  const { paths } = await requestBody<{ paths: Record<string, { serverRelativeURL: string }> }>(transport, { method: "GET", path: "/openapi/v3" });
  const url = paths[group === "" ? `api/${version}` : `apis/${group}/${version}`]?.serverRelativeURL;
  return url === undefined ? undefined : requestBody<OpenApiDocument>(transport, { method: "GET", path: url });
}

/** The schema that a reference means; the schema itself when it is none. */
export function resolveSchema(schema: OpenApiSchema, document: OpenApiDocument): OpenApiSchema {
  const name = schema.$ref?.replace(/^#\/components\/schemas\//, "");
  return name === undefined ? schema : (document.components?.schemas?.[name] ?? schema);
}

/** The schema of a kind. */
export function schemaOfKind(document: OpenApiDocument, { group, version, kind }: OpenApiKind): OpenApiSchema | undefined {
  return Object.values(document.components?.schemas ?? {}).find((schema) =>
    schema["x-kubernetes-group-version-kind"]?.some((one) => one.group === group && one.version === version && one.kind === kind),
  );
}
