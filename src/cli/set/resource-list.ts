// Behaviour: k8s.io/kubectl/pkg/cmd/set/set_resources.go (parseResourceList): "cpu=100m,memory=256Mi".
import { parseQuantity } from "../../api/quantity.ts";
import { CommandError } from "../errors.ts";

/** Amounts by resource; undefined for "". */
export function readResourceList(text: string): Record<string, string> | undefined {
  if (text === "") return undefined;
  return Object.fromEntries(
    text.split(",").map((statement) => {
      const parts = statement.split("=");
      const [resource = "", quantity = ""] = parts;
      if (parts.length !== 2) throw new CommandError(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
      return [resource, parseQuantity(quantity).toString()];
    }),
  );
}
