// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_pdb.go.
import { podDisruptionBudgets } from "../../../api/resource-refs.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { selectorSpec } from "../../create/selector-spec.ts";
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
    return { metadata: metadataOf(name, namespace), spec: { ...amount, selector: selectorSpec(selector) } };
  },
});

function intOrString(text: string): number | string {
  return text.endsWith("%") ? text : Number(text);
}
