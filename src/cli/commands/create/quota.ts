// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_quota.go.
import { parseQuantity } from "../../../api/quantity.ts";
import { resourceQuotas } from "../../../api/resource-refs.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { CommandError } from "../../errors.ts";
import { stringFlag } from "../../flags.ts";

export default defineCreate({
  use: "quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]",
  aliases: ["resourcequota"],
  summary: "Create a quota with the specified name",
  examples: `
    # Limits of a namespace
    kubectl create quota limits --hard=cpu=1,memory=1G,pods=2,services=3

    # Of pods without requests only
    kubectl create quota loose --hard=pods=100 --scopes=BestEffort`,
  flags: { hard: stringFlag("Limits: resource=quantity, separated by commas."), scopes: stringFlag("Scopes that an object must all be in, separated by commas.") },
  resource: resourceQuotas,
  failure: "failed to create quota: ",
  validate({ name }) {
    if (name === "") throw new CommandError("name must be specified");
  },
  build({ name, namespace, values }) {
    const hard = values.hard === "" ? undefined : limits(values.hard);
    const scopes = values.scopes === "" ? undefined : values.scopes.split(",");
    if (scopes?.includes("") === true) throw new CommandError('invalid resource quota scope ""');
    return { metadata: metadataOf(name, namespace), spec: { ...(hard !== undefined && { hard }), ...(scopes !== undefined && { scopes }) } };
  },
});

function limits(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(",").map((statement) => {
      const [resource = "", quantity = "", ...rest] = statement.split("=");
      if (rest.length > 0 || !statement.includes("=")) throw new CommandError(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
      return [resource, parseQuantity(quantity).toString()];
    }),
  );
}
