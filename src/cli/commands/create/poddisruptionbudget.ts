// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_pdb.go.
import type { LabelSelector } from "../../../api/generated/types/meta/v1.ts";
import { parseLabelSelector } from "../../../api/label-selector.ts";
import { podDisruptionBudgets } from "../../../api/resource-refs.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { CommandError } from "../../errors.ts";
import { stringFlag } from "../../flags.ts";

const AMOUNT = /^[0-9]+%?$/;

export default defineCreate({
  use: "poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]",
  aliases: ["pdb"],
  summary: "Create a pod disruption budget with the specified name",
  examples: `
    # One pod at least
    kubectl create poddisruptionbudget web --selector=app=web --min-available=1

    # Half of the pods at least
    kubectl create pdb web --selector=app=web --min-available=50%`,
  flags: {
    "max-unavailable": stringFlag("How many pods, or per cent of them, may be missing."),
    "min-available": stringFlag("How many pods, or per cent of them, must be there."),
    selector: stringFlag("Label selector of the pods."),
  },
  resource: podDisruptionBudgets,
  failure: "failed to create poddisruptionbudgets: ",
  validate({ name, values }) {
    const { selector, "min-available": min, "max-unavailable": max } = values;
    if (name === "") throw new CommandError("name must be specified");
    if (selector === "") throw new CommandError("a selector must be specified");
    if (max === "" && min === "") throw new CommandError("one of min-available or max-unavailable must be specified");
    if (max !== "" && min !== "") throw new CommandError("min-available and max-unavailable cannot be both specified");
    if (min !== "" && !AMOUNT.test(min)) throw new CommandError("invalid format specified for min-available");
    if (max !== "" && !AMOUNT.test(max)) throw new CommandError("invalid format specified for max-unavailable");
  },
  build({ name, namespace, values }) {
    const { selector, "min-available": min, "max-unavailable": max } = values;
    const amount = min === "" ? { maxUnavailable: intOrString(max) } : { minAvailable: intOrString(min) };
    return { metadata: metadataOf(name, namespace), spec: { ...amount, selector: selectorOf(selector) } };
  },
});

function intOrString(text: string): number | string {
  return text.endsWith("%") ? text : Number(text);
}

/** A selector's text as its object (metav1.ParseToLabelSelector). */
function selectorOf(text: string): LabelSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: NonNullable<LabelSelector["matchExpressions"]> = [];
  for (const { key, operator, values } of parseLabelSelector(text).requirements) {
    if (operator === "=" || operator === "==") matchLabels[key] = values[0] ?? "";
    else if (operator === "in") matchExpressions.push({ key, operator: "In", values: [...values] });
    else if (operator === "notin" || operator === "!=") matchExpressions.push({ key, operator: "NotIn", values: [...values] });
    else if (operator === "exists") matchExpressions.push({ key, operator: "Exists" });
    else if (operator === "!") matchExpressions.push({ key, operator: "DoesNotExist" });
    else throw new CommandError(`${JSON.stringify(operator)} isn't supported in label selectors`);
  }
  return { ...(Object.keys(matchLabels).length > 0 && { matchLabels }), ...(matchExpressions.length > 0 && { matchExpressions }) };
}
