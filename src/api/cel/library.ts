// Behaviour: k8s.io/apiserver/pkg/cel/library: the functions that Kubernetes adds to CEL.
import type { Environment } from "@marcbachmann/cel-js";
import { isQuantity, parseQuantity, Quantity } from "../quantity.ts";

type Comparable = bigint | number | string;

/** Adds the functions to an environment. */
export function registerLibrary(environment: Environment): Environment {
  registerText(environment);
  registerLists(environment);
  return registerQuantities(environment);
}

function registerText(environment: Environment): void {
  environment
    .registerFunction("string.replace(string, string): string", (text: string, from: string, to: string) => text.replaceAll(from, () => to))
    .registerFunction("string.charAt(int): string", (text: string, index: bigint) => [...text][Number(index)] ?? "")
    .registerFunction("string.find(string): string", (text: string, pattern: string) => new RegExp(pattern, "u").exec(text)?.[0] ?? "")
    .registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) => [...text.matchAll(new RegExp(pattern, "gu"))].map(([match]) => match))
    .registerFunction("isURL(string): bool", (text: string) => URL.canParse(text));
}

function registerLists(environment: Environment): void {
  const compare = (a: Comparable, b: Comparable): number => (a < b ? -1 : a > b ? 1 : 0);
  const extreme = (list: readonly Comparable[], sign: number): Comparable => {
    if (list.length === 0) throw new RangeError(`${sign < 0 ? "min" : "max"} called on empty list`);
    return list.reduce((best, item) => (compare(item, best) === sign ? item : best));
  };
  environment
    .registerFunction("list<dyn>.isSorted(): bool", (list: readonly Comparable[]) => list.every((item, index) => index === 0 || compare(list[index - 1] ?? item, item) <= 0))
    .registerFunction("list<dyn>.sum(): dyn", (list: readonly (bigint | number)[]) => list.reduce((sum: bigint | number, item) => (typeof sum === "bigint" && typeof item === "bigint" ? sum + item : Number(sum) + Number(item)), 0n))
    .registerFunction("list<dyn>.min(): dyn", (list: readonly Comparable[]) => extreme(list, -1))
    .registerFunction("list<dyn>.max(): dyn", (list: readonly Comparable[]) => extreme(list, 1))
    .registerFunction("list<dyn>.indexOf(dyn): int", (list: readonly unknown[], item: unknown) => BigInt(list.indexOf(item)))
    .registerFunction("list<dyn>.lastIndexOf(dyn): int", (list: readonly unknown[], item: unknown) => BigInt(list.lastIndexOf(item)));
}

function registerQuantities(environment: Environment): Environment {
  return environment
    .registerType("kubernetes.Quantity", Quantity)
    .registerFunction("isQuantity(string): bool", (text: string) => isQuantity(text))
    .registerFunction("quantity(string): kubernetes.Quantity", (text: string) => parseQuantity(text))
    .registerFunction("kubernetes.Quantity.sign(): int", (quantity: Quantity) => BigInt(quantity.sign()))
    .registerFunction("kubernetes.Quantity.asInteger(): int", (quantity: Quantity) => quantity.value())
    .registerFunction("kubernetes.Quantity.asApproximateFloat(): double", (quantity: Quantity) => quantity.toNumber())
    .registerFunction("kubernetes.Quantity.isInteger(): bool", (quantity: Quantity) => Number.isInteger(quantity.toNumber()))
    .registerFunction("kubernetes.Quantity.add(kubernetes.Quantity): kubernetes.Quantity", (a: Quantity, b: Quantity) => a.add(b))
    .registerFunction("kubernetes.Quantity.sub(kubernetes.Quantity): kubernetes.Quantity", (a: Quantity, b: Quantity) => a.sub(b))
    .registerFunction("kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool", (a: Quantity, b: Quantity) => a.cmp(b) < 0)
    .registerFunction("kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool", (a: Quantity, b: Quantity) => a.cmp(b) > 0)
    .registerFunction("kubernetes.Quantity.compareTo(kubernetes.Quantity): int", (a: Quantity, b: Quantity) => BigInt(a.cmp(b)));
}
