// Behaviour: k8s.io/kubernetes/pkg/api/node/util.go.
import type { FieldPath } from "../../../api/field-errors.ts";
import type { NodeSelectorTerm } from "../../../api/generated/types/core/v1.ts";
import { isValidLabelValue } from "../../../api/name-validation.ts";

const DEPRECATED_LABELS: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  "app.kubernetes.io/created-by": "deprecated since v1.9",
  "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
  "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
};

/** What to use instead of a node's label; undefined when it is in use. */
export function nodeLabelDeprecation(label: string): string | undefined {
  return Object.hasOwn(DEPRECATED_LABELS, label) ? DEPRECATED_LABELS[label] : undefined;
}

/** Warns of deprecated labels in a choice of nodes, and of values that no label has where those are not errors. */
export function nodeTermWarnings(term: NodeSelectorTerm, path: FieldPath, checkValues: boolean): string[] {
  return (term.matchExpressions ?? []).flatMap(({ key, values = [] }, index) => {
    const at = path.child("matchExpressions").index(index);
    const message = nodeLabelDeprecation(key);
    const wrong = checkValues ? values.flatMap((value, place) => isValidLabelValue(value).map((problem) => `${at.child("values").index(place)}: ${value} is invalid, ${problem}`)) : [];
    return [...(message === undefined ? [] : [`${at.child("key")}: ${key} is ${message}`]), ...wrong];
  });
}
