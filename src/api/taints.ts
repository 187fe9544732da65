// Behaviour: k8s.io/component-helpers/scheduling/corev1: taints and tolerations.
import type { Taint, Toleration } from "./generated/types/core/v1.ts";

/** Whether the toleration covers the taint. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== "" && toleration.effect !== taint.effect) return false;
  if (toleration.key !== undefined && toleration.key !== "" && toleration.key !== taint.key) return false;
  const [wanted = "", found = ""] = [toleration.value, taint.value];
  switch (toleration.operator) {
    case undefined:
    case "":
    case "Equal":
      return wanted === found;
    case "Exists":
      return true;
    case "Gt":
      return isInteger(wanted) && isInteger(found) && BigInt(found) > BigInt(wanted);
    case "Lt":
      return isInteger(wanted) && isInteger(found) && BigInt(found) < BigInt(wanted);
    default:
      return false;
  }
}

function isInteger(text: string): boolean {
  return /^-?[0-9]+$/.test(text);
}
