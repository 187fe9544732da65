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

/** Throws when a document that is to be validated does not say what it is (kubectl's validation.Schema). */
export function checkKind(value: unknown, source: string): void {
  if (typeof value !== "object" || value === null) return;
  const object = value as Readonly<Record<string, unknown>>;
  const problems = ["apiVersion", "kind"].filter((field) => object[field] === undefined).map((field) => `${field} not set`);
  if (problems.length === 0) return;
  const text = problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`;
  throw new CommandError(`error validating ${JSON.stringify(source)}: error validating data: ${text}; if you choose to ignore these errors, turn validation off with --validate=false`);
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
