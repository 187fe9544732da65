// Behaviour: k8s.io/kubectl/pkg/cmd/get/sorter.go: --sort-by.
import { type Quantity, parseQuantity } from "../../api/quantity.ts";
import { CommandError } from "../errors.ts";
import { JsonPath, relaxedPath } from "../printers/jsonpath.ts";
import type { Table } from "../printers/table-types.ts";

/** The items in the order of the field that `sortBy` names; those without it come first. Throws CommandError when none has it. */
export function sortBy<T>(items: readonly T[], sortBy: string, objectOf: (item: T) => unknown): T[] {
  const field = relaxedPath(sortBy);
  if (field === undefined) {
    throw new CommandError("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'");
  }
  const path = new JsonPath(field, true);
  const keyed = items.map((item) => ({ item, key: path.find(objectOf(item))[0]?.[0] }));
  if (keyed.length > 0 && keyed.every(({ key }) => key === undefined)) {
    throw new CommandError(`couldn't find any field with path ${JSON.stringify(field)} in the list of objects`);
  }
  return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ item }) => item);
}

/** The Table with its rows in order. */
export function sortTable(table: Table, field: string): Table {
  return { ...table, rows: sortBy(table.rows ?? [], field, (row) => row.object) };
}

function compareKeys(a: unknown, b: unknown): number {
  if (a === undefined || a === null) return b === undefined || b === null ? 0 : -1;
  if (b === undefined || b === null) return 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== "string" || typeof b !== "string") throw new CommandError(`unsortable type: ${typeof a}`);
  const one = quantityOf(a);
  const other = one === undefined ? undefined : quantityOf(b);
  if (one !== undefined && other !== undefined) return one.cmp(other);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function quantityOf(text: string): Quantity | undefined {
  try {
    return parseQuantity(text);
  } catch {
    return undefined;
  }
}
