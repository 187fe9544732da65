// Behaviour: k8s.io/apiserver/pkg/cel/library/lists.go and cel-go's ext/sets.go.
import type { Environment } from "@marcbachmann/cel-js";
import { celEqual, compareValues } from "../values.ts";

type Numeric = bigint | number;

/** Registers isSorted, sum, min, max, indexOf, lastIndexOf of lists, and sets.*. */
export function registerLists(environment: Environment): void {
  for (const type of ["int", "double", "string", "bool", "google.protobuf.Timestamp", "google.protobuf.Duration"]) {
    environment
      .registerFunction(`list<${type}>.isSorted(): bool`, isSorted)
      .registerFunction(`list<${type}>.min(): ${type}`, (list: readonly unknown[]) => extreme(list, -1, "min"))
      .registerFunction(`list<${type}>.max(): ${type}`, (list: readonly unknown[]) => extreme(list, 1, "max"));
  }
  environment
    .registerFunction("list<int>.sum(): int", (list: readonly bigint[]) => list.reduce((sum, item) => sum + item, 0n))
    .registerFunction("list<double>.sum(): double", (list: readonly Numeric[]) => list.reduce<number>((sum, item) => sum + Number(item), 0))
    .registerFunction("list.indexOf(dyn): int", (list: readonly unknown[], item: unknown) => BigInt(list.findIndex((candidate) => celEqual(candidate, item))))
    .registerFunction("list.lastIndexOf(dyn): int", (list: readonly unknown[], item: unknown) => BigInt(list.findLastIndex((candidate) => celEqual(candidate, item))));
  class Sets {
    readonly namespace = "sets";
  }
  environment.registerType("SetsNamespace", Sets).registerConstant("sets", "SetsNamespace", new Sets());
  environment
    .registerFunction("SetsNamespace.contains(list, list): bool", (_: unknown, list: readonly unknown[], of: readonly unknown[]) => contains(list, of))
    .registerFunction("SetsNamespace.equivalent(list, list): bool", (_: unknown, left: readonly unknown[], right: readonly unknown[]) => contains(left, right) && contains(right, left))
    .registerFunction("SetsNamespace.intersects(list, list): bool", (_: unknown, left: readonly unknown[], right: readonly unknown[]) => left.some((item) => contains(right, [item])));
}

function contains(list: readonly unknown[], of: readonly unknown[]): boolean {
  return of.every((item) => list.some((candidate) => celEqual(candidate, item)));
}

function isSorted(list: readonly unknown[]): boolean {
  return list.every((item, index) => index === 0 || compareValues(list[index - 1], item) <= 0);
}

function extreme(list: readonly unknown[], sign: number, name: string): unknown {
  if (list.length === 0) throw new Error(`${name} called on empty list`);
  return list.reduce((best, item) => (compareValues(item, best) * sign > 0 ? item : best));
}
