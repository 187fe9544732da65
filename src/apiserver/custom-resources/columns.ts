// Behaviour: k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor: additional printer columns.
import type { CustomResourceColumnDefinition } from "../../api/generated/types/apiextensions/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { humanDuration } from "../../util/duration.ts";
import type { TableColumn } from "../resource.ts";
import { nameColumn } from "../resources/shared/columns.ts";
import { JsonPath } from "./json-path.ts";

const AGE: CustomResourceColumnDefinition = {
  name: "Age",
  type: "date",
  description: "The time at which the server created this object.",
  jsonPath: ".metadata.creationTimestamp",
};

/** The columns of a custom resource's table: its name, and what its definition says, or its age. */
export function columnsOf(definitions: readonly CustomResourceColumnDefinition[] | undefined): TableColumn<UnstructuredObject>[] {
  return [nameColumn, ...(definitions?.length ? definitions : [AGE]).map(columnOf)];
}

function columnOf({ name, type, format, description, priority = 0, jsonPath }: CustomResourceColumnDefinition): TableColumn<UnstructuredObject> {
  let path: JsonPath | undefined;
  return {
    name,
    type: type as TableColumn<UnstructuredObject>["type"],
    ...(format !== undefined && { format }),
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority,
    cell(object, now) {
      const [value] = (path ??= new JsonPath(jsonPath)).find(object);
      return cellOf(value, type, now);
    },
  };
}

function cellOf(value: unknown, type: string, now: number): string | number | boolean | null {
  if (value === undefined) return null;
  if (type === "string") return typeof value === "string" ? value : value === null ? "<nil>" : typeof value === "object" ? JSON.stringify(value) : String(value);
  if (type === "integer" && typeof value === "number") return Math.trunc(value);
  if (type === "number" && typeof value === "number") return value;
  if (type === "boolean" && typeof value === "boolean") return value;
  if (type !== "date" || typeof value !== "string") return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? "<invalid>" : humanDuration(now - time);
}
