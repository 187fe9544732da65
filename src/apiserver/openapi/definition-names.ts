// Behaviour: k8s.io/kube-openapi/pkg/util: the names under which types are published, after their Go packages.
import { formatApiVersion } from "../../api/object.ts";

const PACKAGE_PREFIXES: Readonly<Record<string, string>> = {
  meta: "io.k8s.apimachinery.pkg.apis.meta",
  apiextensions: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  apiregistration: "io.k8s.kube-aggregator.pkg.apis.apiregistration",
};

const TYPE_NAMES: Readonly<Record<string, string>> = {
  Quantity: "io.k8s.apimachinery.pkg.api.resource.Quantity",
  IntOrString: "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
  "runtime.RawExtension": "io.k8s.apimachinery.pkg.runtime.RawExtension",
};

const GROUPS: Readonly<Record<string, string>> = {
  core: "",
  meta: "",
  admissionregistration: "admissionregistration.k8s.io",
  apiextensions: "apiextensions.k8s.io",
  apiregistration: "apiregistration.k8s.io",
  authentication: "authentication.k8s.io",
  authorization: "authorization.k8s.io",
  certificates: "certificates.k8s.io",
  coordination: "coordination.k8s.io",
  discovery: "discovery.k8s.io",
  events: "events.k8s.io",
  flowcontrol: "flowcontrol.apiserver.k8s.io",
  networking: "networking.k8s.io",
  node: "node.k8s.io",
  rbac: "rbac.authorization.k8s.io",
  resource: "resource.k8s.io",
  scheduling: "scheduling.k8s.io",
  storage: "storage.k8s.io",
};

/** "core.v1.Pod" -> "io.k8s.api.core.v1.Pod". */
export function definitionName(typeName: string): string {
  const known = TYPE_NAMES[typeName];
  if (known !== undefined) return known;
  const [group = "", ...rest] = typeName.split(".");
  return `${PACKAGE_PREFIXES[group] ?? `io.k8s.api.${group}`}.${rest.join(".")}`;
}

/** The name of a custom kind's definition: "example.com", "v1", "Widget" -> "com.example.v1.Widget". */
export function customDefinitionName(group: string, version: string, kind: string): string {
  return [...group.split(".").reverse(), version, kind].join(".");
}

/** Group, version and kind of a built-in kind's type. */
export function kindOfType(typeName: string): { group: string; version: string; kind: string } {
  const [name = "", version = "", kind = ""] = typeName.split(".");
  return { group: GROUPS[name] ?? name, version, kind };
}

/** "apps/v1" -> "apis/apps/v1", "v1" -> "api/v1": where a group version is served. */
export function groupVersionPath(of: { group: string; version: string }): string {
  return `${of.group === "" ? "api" : "apis"}/${formatApiVersion(of)}`;
}
