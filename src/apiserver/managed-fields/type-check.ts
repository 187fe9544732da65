// Behaviour: sigs.k8s.io/structured-merge-diff/v6/typed/validate.go: whether an applied configuration fits its type.
import { formatGoValue, goTypeName, isJsonObject } from "../../api/patch/json-value.ts";
import { formatPathElement, type PathElement } from "./path-element.ts";
import { itemElement, ListItemError, type ListType, type MapType, type ScalarType, typeOfValue, type ValueType } from "./value-type.ts";

/** What is wrong at one path; the path of the whole object is "". */
export interface TypeProblem {
  readonly path: string;
  readonly message: string;
}

/** All that is wrong with a value; items that stand twice in a list are allowed on request. */
export function checkType(type: ValueType, value: unknown, allowDuplicates = false): TypeProblem[] {
  const problems: TypeProblem[] = [];
  check(type, value, "", allowDuplicates, problems);
  return problems;
}

/** The problems as one message: bare when there is one. */
export function formatTypeProblems(problems: readonly TypeProblem[]): string {
  const lines = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return lines.length === 1 ? (lines[0] ?? "") : ["errors:", ...lines.map((line) => `  ${line}`)].join("\n");
}

function check(type: ValueType, value: unknown, path: string, allowDuplicates: boolean, problems: TypeProblem[]): void {
  if (value === null || value === undefined) return;
  const actual = typeOfValue(type, value);
  if (actual.kind === "scalar") checkScalar(actual, value, path, problems);
  else if (actual.kind === "list") checkList(actual, value, path, allowDuplicates, problems);
  else checkObject(actual, value, path, allowDuplicates, problems);
}

function checkScalar({ scalar }: ScalarType, value: unknown, path: string, problems: TypeProblem[]): void {
  if (scalar === "numeric" && typeof value !== "number") problems.push({ path, message: `expected numeric (int or float), got ${goTypeName(value)}` });
  if (scalar === "string" && typeof value !== "string") problems.push({ path, message: `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}` });
  if (scalar === "boolean" && typeof value !== "boolean") problems.push({ path, message: `expected boolean, got &{${formatGoValue(value)}}` });
  if (scalar === "untyped" && typeof value === "object") problems.push({ path, message: `expected any scalar, got &{${formatGoValue(value)}}` });
}

function checkList(type: ListType, value: unknown, path: string, allowDuplicates: boolean, problems: TypeProblem[]): void {
  if (!Array.isArray(value)) {
    problems.push({ path, message: `expected list, got &{${formatGoValue(value)}}` });
    return;
  }
  const seen = new Set<PathElement>();
  for (const [index, item] of value.entries()) {
    let element: PathElement = `i:${index}`;
    if (type.relation !== "atomic") {
      try {
        element = itemElement(type, item);
      } catch (error) {
        if (!(error instanceof ListItemError)) throw error;
        problems.push({ path, message: `element ${index}: ${error.message}` });
        return;
      }
      if (seen.has(element) && !allowDuplicates) problems.push({ path, message: `duplicate entries for key ${formatPathElement(element)}` });
      seen.add(element);
    }
    check(type.element, item, path + formatPathElement(element), allowDuplicates, problems);
  }
}

/** Fields are looked at in their order; the first that is not declared ends it. */
function checkObject(type: MapType, value: unknown, path: string, allowDuplicates: boolean, problems: TypeProblem[]): void {
  if (!isJsonObject(value)) {
    problems.push({ path, message: `expected map, got &{${formatGoValue(value)}}` });
    return;
  }
  for (const [name, field] of Object.entries(value)) {
    const fieldType = type.fields.get(name) ?? type.element;
    if (fieldType === undefined) {
      problems.push({ path: `${path}.${name}`, message: "field not declared in schema" });
      return;
    }
    check(fieldType, field, `${path}.${name}`, allowDuplicates, problems);
  }
}

/** A value as Go's %#v prints it. */
function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (!isJsonObject(value)) return String(value);
  const fields = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${goSyntax(value[name])}`);
  return `map[string]interface {}{${fields.join(", ")}}`;
}
