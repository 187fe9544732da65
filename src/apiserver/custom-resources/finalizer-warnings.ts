// Behaviour: k8s.io/apiextensions-apiserver/pkg/registry/customresource/validator.go: custom objects may have any finalizer.
import { isQualifiedName } from "../../api/name-validation.ts";

const STANDARD: ReadonlySet<string> = new Set(["orphan", "foregroundDeletion", "kubernetes"]);

/** Warns of new finalizers that others may write too. */
export function finalizerWarnings(finalizers: readonly string[], old: readonly string[]): string[] {
  const added = [...new Set(finalizers)].filter((finalizer) => !old.includes(finalizer)).sort();
  return added.flatMap((finalizer) => {
    const prefix = `metadata.finalizers: ${JSON.stringify(finalizer)}:`;
    const warnings = isQualifiedName(finalizer).map((message) => `${prefix} ${message}`);
    if (finalizer.includes("/") || STANDARD.has(finalizer)) return warnings;
    const path = finalizer.includes(".") ? " including a path (/)" : "";
    return [...warnings, `${prefix} prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`];
  });
}
