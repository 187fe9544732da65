// Behaviour: k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go (ParseToLabelSelector): a selector's text as its object.
import type { LabelSelector } from "../../api/generated/types/meta/v1.ts";
import { parseLabelSelector } from "../../api/label-selector.ts";
import { CommandError, messageOf } from "../errors.ts";

/** "a=b,c in (d,e)" as matchLabels and matchExpressions. Throws CommandErrors. */
export function selectorSpec(text: string): LabelSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: NonNullable<LabelSelector["matchExpressions"]> = [];
  for (const { key, operator, values } of requirementsOf(text)) {
    if (operator === "=" || operator === "==") matchLabels[key] = values[0] ?? "";
    else if (operator === "in") matchExpressions.push({ key, operator: "In", values: [...values] });
    else if (operator === "notin" || operator === "!=") matchExpressions.push({ key, operator: "NotIn", values: [...values] });
    else if (operator === "exists") matchExpressions.push({ key, operator: "Exists" });
    else if (operator === "!") matchExpressions.push({ key, operator: "DoesNotExist" });
    else throw new CommandError(`${JSON.stringify(operator)} isn't supported in label selectors`);
  }
  return { ...(Object.keys(matchLabels).length > 0 && { matchLabels }), ...(matchExpressions.length > 0 && { matchExpressions }) };
}

function requirementsOf(text: string) {
  try {
    return parseLabelSelector(text).requirements;
  } catch (error) {
    throw new CommandError(`couldn't parse the selector string ${JSON.stringify(text)}: ${messageOf(error)}`);
  }
}
