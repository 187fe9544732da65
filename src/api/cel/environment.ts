// Behaviour: k8s.io/apiserver/pkg/cel/environment: CEL with the functions that Kubernetes adds.
import { Environment } from "@marcbachmann/cel-js";
import { registerFieldPresence } from "./field-presence.ts";
import { registerAddresses } from "./functions/addresses.ts";
import { registerLists } from "./functions/lists.ts";
import { registerQuantities } from "./functions/quantities.ts";
import { registerSemver } from "./functions/semver.ts";
import { registerTexts } from "./functions/texts.ts";
import { registerUrls } from "./functions/urls.ts";

export type { Environment } from "@marcbachmann/cel-js";

let base: Environment | undefined;

/** A new environment, for variables and types of one's own. */
export function kubernetesEnvironment(): Environment {
  if (base === undefined) {
    base = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
    registerFieldPresence(base);
    for (const register of [registerLists, registerTexts, registerUrls, registerAddresses, registerQuantities, registerSemver]) register(base);
  }
  return base.clone();
}
