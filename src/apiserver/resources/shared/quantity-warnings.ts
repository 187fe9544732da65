// Behaviour: the warnings about fractional bytes in k8s.io/kubernetes/pkg/api/pod/warnings.go.
import type { FieldPath } from "../../../api/field-errors.ts";
import { parseQuantity } from "../../../api/quantity.ts";
import type { ResourceList } from "./resource-list.ts";

/** Warns of parts of bytes. */
export function fractionalBytes(amounts: ResourceList | undefined, path: FieldPath, names: readonly string[] = ["memory", "ephemeral-storage"]): string[] {
  return names.flatMap((name) => {
    const amount = amounts?.[name];
    if (amount === undefined || parseQuantity(amount).milliValue() % 1000n === 0n) return [];
    return [`${path.key(name)}: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`];
  });
}
