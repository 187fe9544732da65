// Behaviour: k8s.io/apiserver/pkg/cel/library/quantity.go.
import type { Environment } from "@marcbachmann/cel-js";
import { parseQuantity, type Quantity } from "../../quantity.ts";

/** A quantity as expressions hold it. */
class CelQuantity {
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }
}

/** Registers quantity, isQuantity and their arithmetic. */
export function registerQuantities(environment: Environment): void {
  const of = (value: CelQuantity | bigint) => (typeof value === "bigint" ? parseQuantity(String(value)) : value.quantity);
  const compare = (left: CelQuantity, right: CelQuantity) => BigInt(left.quantity.cmp(right.quantity));
  environment
    .registerType("kubernetes.Quantity", CelQuantity)
    .registerFunction("quantity(string): kubernetes.Quantity", (text: string) => new CelQuantity(parseQuantity(text)))
    .registerFunction("isQuantity(string): bool", isQuantity)
    .registerFunction("kubernetes.Quantity.sign(): int", ({ quantity }: CelQuantity) => BigInt(quantity.sign()))
    .registerFunction("kubernetes.Quantity.isInteger(): bool", ({ quantity }: CelQuantity) => quantity.milliValue() % 1000n === 0n)
    .registerFunction("kubernetes.Quantity.asInteger(): int", ({ quantity }: CelQuantity) => asInteger(quantity))
    .registerFunction("kubernetes.Quantity.asApproximateFloat(): double", ({ quantity }: CelQuantity) => quantity.toNumber())
    .registerFunction("kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool", (left: CelQuantity, right: CelQuantity) => compare(left, right) > 0n)
    .registerFunction("kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool", (left: CelQuantity, right: CelQuantity) => compare(left, right) < 0n)
    .registerFunction("kubernetes.Quantity.compareTo(kubernetes.Quantity): int", compare)
    .registerOperator("kubernetes.Quantity == kubernetes.Quantity", (left: CelQuantity, right: CelQuantity) => compare(left, right) === 0n);
  for (const type of ["kubernetes.Quantity", "int"]) {
    environment
      .registerFunction(`kubernetes.Quantity.add(${type}): kubernetes.Quantity`, (left: CelQuantity, right: CelQuantity | bigint) => new CelQuantity(left.quantity.add(of(right))))
      .registerFunction(`kubernetes.Quantity.sub(${type}): kubernetes.Quantity`, (left: CelQuantity, right: CelQuantity | bigint) => new CelQuantity(left.quantity.sub(of(right))));
  }
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}

function asInteger(quantity: Quantity): bigint {
  if (quantity.milliValue() % 1000n !== 0n) throw new Error("cannot convert value to integer");
  return quantity.value();
}
