// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_ingress.go.
import type { HTTPIngressPath, Ingress, IngressBackend, IngressRule, IngressTLS } from "../../../api/generated/types/networking/v1.ts";
import type { ResourceRef } from "../../../api/resource-refs.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { CommandError } from "../../errors.ts";
import { stringArrayFlag, stringFlag } from "../../flags.ts";

const ingresses: ResourceRef<Ingress> = { group: "networking.k8s.io", version: "v1", resource: "ingresses", kind: "Ingress", namespaced: true };
/** host/path=service:port[,tls[=secret]]; searched for, as kubectl does, not matched whole. */
const RULE = /[\w*\-.]*\/(?:[\S/]*)?=[\w-]+:[\w-]+(?:,tls=?[\w-]*)?/;

export default defineCreate({
  use: "ingress NAME --rule=host/path=service:port[,tls[=secret]] ",
  aliases: ["ing"],
  summary: "Create an ingress with the specified name",
  examples: `
    # One path of a host, over TLS
    kubectl create ingress web --rule="shop.example.com/cart=cart:8080,tls=shop-cert"

    # Everything below a path
    kubectl create ingress web --class=nginx --rule="shop.example.com/*=web:80"

    # What no rule is for
    kubectl create ingress web --default-backend=web:http`,
  flags: {
    annotation: stringArrayFlag("Annotation of the ingress: key=value."),
    class: stringFlag("The ingress class."),
    "default-backend": stringFlag("Service for what no rule is for: name:port."),
    rule: stringArrayFlag("Rule: host/path=service:port[,tls=secretname]. A path that ends in '*' is a prefix."),
  },
  resource: ingresses,
  failure: "failed to create ingress: ",
  validate({ values }) {
    const backend = values["default-backend"];
    if (backend === "" && values.rule.length === 0) {
      throw new CommandError(
        "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)",
      );
    }
    for (const rule of values.rule) {
      if (!RULE.test(rule)) throw new CommandError(`rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
    }
    for (const annotation of values.annotation) {
      if (!annotation.includes("=")) throw new CommandError(`annotation ${annotation} is invalid and should be in format key=[value]`);
    }
    if (backend !== "" && backend.split(":").length !== 2) throw new CommandError("default-backend should be in format servicename:serviceport");
  },
  build({ name, namespace, values }) {
    const annotations = Object.fromEntries(values.annotation.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
    const tls = tlsOf(values.rule);
    const rules = rulesOf(values.rule);
    return {
      metadata: { ...metadataOf(name, namespace), ...(values.annotation.length > 0 && { annotations }) },
      spec: {
        ...(values.class !== "" && { ingressClassName: values.class }),
        ...(values["default-backend"] !== "" && { defaultBackend: backendOf(values["default-backend"]) }),
        ...(tls.length > 0 && { tls }),
        ...(rules.length > 0 && { rules }),
      },
    };
  },
});

function tlsOf(rules: readonly string[]): IngressTLS[] {
  const seen = new Set<string>();
  const entries: IngressTLS[] = [];
  for (const rule of rules) {
    const parts = rule.split(",");
    const host = rule.split("/", 1)[0] ?? "";
    if (parts.length !== 2 || seen.has(host)) continue;
    seen.add(host);
    const secretName = parts[1]?.split("=")[1] ?? "";
    const known = entries.find((entry) => (entry.secretName ?? "") === secretName);
    if (known !== undefined) known.hosts = [...(known.hosts ?? []), host];
    else if (host !== "" || secretName !== "") entries.push({ ...(host !== "" && { hosts: [host] }), ...(secretName !== "" && { secretName }) });
  }
  return entries;
}

function rulesOf(texts: readonly string[]): IngressRule[] {
  const rules: (IngressRule & { http: { paths: HTTPIngressPath[] } })[] = [];
  for (const text of texts) {
    const rule = text.split(",", 1)[0] ?? "";
    const slash = rule.indexOf("/");
    const host = rule.slice(0, slash);
    const path = pathOf(rule.slice(slash + 1));
    const known = rules.find((one) => (one.host ?? "") === host);
    if (known !== undefined) known.http.paths.push(path);
    else rules.push({ ...(host !== "" && { host }), http: { paths: [path] } });
  }
  return rules;
}

function pathOf(text: string): HTTPIngressPath {
  const [end = "", service = ""] = text.split("=");
  const path = `/${end}`;
  const isPrefix = path.endsWith("*");
  return { path: isPrefix ? path.slice(0, -1) : path, pathType: isPrefix ? "Prefix" : "Exact", backend: backendOf(service) };
}

function backendOf(text: string): IngressBackend {
  const [name = "", port = ""] = text.split(":");
  return { service: { name, port: /^[+-]?[0-9]+$/.test(port) ? { number: Number(port) } : { name: port } } };
}
