// Behaviour: printValidatingAdmissionPolicyBinding and its siblings in k8s.io/kubernetes/pkg/printers/internalversion.
import type { ParamKind, ParamRef } from "../../../api/generated/types/admissionregistration/v1.ts";
import { formatSelector } from "../shared/columns.ts";

const UNSET = "<unset>";

/** "v1/ConfigMap", or "<unset>". */
export function formatParamKind(kind: ParamKind | undefined): string {
  return kind === undefined ? UNSET : `${kind.apiVersion ?? ""}/${kind.kind ?? ""}`;
}

/** The parameters' namespace and name, or a selector. */
export function formatParamRef(ref: ParamRef | undefined): string {
  if (ref?.name) return `${ref.namespace || "*"}/${ref.name}`;
  return ref?.selector === undefined ? UNSET : formatSelector(ref.selector);
}
