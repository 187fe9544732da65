// Behaviour: k8s.io/apiserver/pkg/registry/rest/table.go and endpoints/handlers/response.go: objects as rows of a Table.
import { invalid } from "../../api/errors.ts";
import { FieldPath, invalidValue } from "../../api/field-errors.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { formatTime } from "../../util/clock.ts";
import type { Resource, TableColumn } from "../resource.ts";
import { columnDocumentation } from "./column-documentation.ts";
import { partialMetadata } from "./partial-metadata.ts";

/** How much of each object its row carries. */
export type IncludeObject = "None" | "Metadata" | "Object";

/** A metav1.Table as it goes out. */
export interface Table {
  readonly kind: "Table";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: Record<string, unknown>;
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly TableRow[];
}

interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

interface TableRow {
  readonly cells: readonly unknown[];
  readonly object?: unknown;
}

const DEFAULT_COLUMNS: readonly TableColumn<KubernetesObject>[] = [
  {
    name: "Name",
    type: "string",
    format: "name",
    description: columnDocumentation["ObjectMeta.name"],
    priority: 0,
    cell: (object) => object.metadata.name ?? "",
  },
  {
    name: "Created At",
    type: "date",
    description: columnDocumentation["ObjectMeta.creationTimestamp"],
    priority: 0,
    cell: (object) => object.metadata.creationTimestamp ?? formatTime(0),
  },
];

/** Reads the includeObject parameter; throws a StatusError. */
export function parseIncludeObject(parameter: string | null): IncludeObject {
  if (parameter === null || parameter === "") return "Metadata";
  if (parameter === "None" || parameter === "Metadata" || parameter === "Object") return parameter;
  throw invalid({ group: "meta.k8s.io", kind: "TableOptions" }, "", [
    invalidValue(new FieldPath("includeObject"), parameter, "must be 'Metadata', 'Object', 'None', or empty"),
  ]);
}

/** Prints objects of one resource; `metadata` is a list's, or holds an object's resourceVersion. */
export function makeTable(
  resource: Resource,
  objects: readonly KubernetesObject[],
  metadata: Record<string, unknown>,
  options: { readonly includeObject: IncludeObject; readonly now: number; readonly headers?: boolean },
): Table {
  const columns = resource.columns ?? DEFAULT_COLUMNS;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: options.headers === false ? null : columns.map(definition),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, options.now)),
      ...(options.includeObject === "Object" && { object }),
      ...(options.includeObject === "Metadata" && { object: partialMetadata(object) }),
    })),
  };
}

function definition(column: TableColumn<KubernetesObject>): ColumnDefinition {
  return { name: column.name, type: column.type, format: column.format ?? "", description: column.description, priority: column.priority };
}
