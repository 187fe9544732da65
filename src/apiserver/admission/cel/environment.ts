// Behaviour: k8s.io/apiserver/pkg/admission/plugin/cel/compile.go: what expressions about requests can name.
import { type Environment, kubernetesEnvironment } from "../../../api/cel/environment.ts";
import { AUTHORIZER_TYPE, registerAuthorizer } from "./authorizer.ts";

/** All variables that expressions about requests can have. */
export const REQUEST_VARIABLES = ["object", "oldObject", "request", "params", "namespaceObject", "variables", "authorizer"] as const;

/** What `jsonpatch` stands for in `jsonpatch.escapeKey(...)`. */
class JsonPatchKeys {
  readonly escapes = true;
}

let base: Environment | undefined;

/** An environment with those variables and `jsonpatch`. */
export function requestEnvironment(variables: Iterable<string>): Environment {
  if (base === undefined) {
    base = registerAuthorizer(kubernetesEnvironment());
    base.registerType("kubernetes.JSONPatchKeys", JsonPatchKeys);
    base.registerConstant("jsonpatch", "kubernetes.JSONPatchKeys", new JsonPatchKeys());
    base.registerFunction("kubernetes.JSONPatchKeys.escapeKey(string): string", (_keys: JsonPatchKeys, key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1"));
  }
  const environment = base.clone();
  for (const name of variables) environment.registerVariable(name, name === "authorizer" ? AUTHORIZER_TYPE : "dyn");
  return environment;
}
