// Behaviour: k8s.io/apimachinery/pkg/apis/meta/v1/unstructured (UnstructuredJSONScheme): what makes a document an object.
import type { UnstructuredObject } from "../api/object.ts";
import { CommandError } from "./errors.ts";

/** A document as an object of the API; throws CommandError when kind or shape is missing. */
export function decodeObject(value: unknown, source: string): UnstructuredObject {
  const text = () => JSON.stringify(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new CommandError(`unable to decode ${JSON.stringify(source)}: json: cannot unmarshal ${jsonType(value)} into Go value of type struct`);
  }
  const object = value as UnstructuredObject;
  if (typeof object.kind !== "string" || object.kind === "") {
    throw new CommandError(`unable to decode ${JSON.stringify(source)}: Object 'Kind' is missing in '${text()}'`);
  }
  return { ...object, apiVersion: object.apiVersion ?? "", metadata: object.metadata ?? {} };
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
