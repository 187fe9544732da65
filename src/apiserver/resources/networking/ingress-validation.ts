// Behaviour: ValidateIngress* in k8s.io/kubernetes/pkg/apis/networking/validation.
import { isIP } from "node:net";
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { HTTPIngressPath, Ingress, IngressBackend, IngressRule, IngressServiceBackend, IngressTLS } from "../../../api/generated/types/networking/v1.ts";
import { isDNS1123Label, isDNS1123Subdomain, isValidPortName, isValidPortNumber, isWildcardDNS1123Subdomain } from "../../../api/name-validation.ts";
import { ipAddress } from "../shared/addresses.ts";
import { dnsSubdomain, invalidEach, oneOf } from "../shared/field-checks.ts";
import { isNew } from "../shared/new-object.ts";
import { validateTypedReference } from "./typed-reference.ts";

const SPEC = new FieldPath("spec");
const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];
const BAD_SEQUENCES = ["//", "/./", "/../", "%2f", "%2F"];
const BAD_ENDS = ["/..", "/."];
const NOT_AN_ADDRESS = "must be a DNS name, not an IP address";

/** What is wrong with an ingress. */
export function validateIngress(ingress: Ingress): FieldError[] {
  const { metadata, spec } = ingress;
  const { defaultBackend, rules, tls = [], ingressClassName } = spec;
  const errors: FieldError[] = [];
  if ((rules ?? []).length === 0 && defaultBackend === undefined) errors.push(invalidValue(SPEC, rules, "either `defaultBackend` or `rules` must be specified"));
  if (defaultBackend !== undefined) errors.push(...validateBackend(defaultBackend, SPEC.child("defaultBackend")));
  errors.push(...(rules ?? []).flatMap((rule, index) => validateRule(rule, SPEC.child("rules").index(index))));
  errors.push(...tls.flatMap((entry, index) => validateTLS(entry, SPEC.child("tls").index(index))));
  if (ingressClassName === undefined) return errors;
  errors.push(...dnsSubdomain(ingressClassName, SPEC.child("ingressClassName")));
  const annotation = metadata.annotations?.[CLASS_ANNOTATION];
  if (isNew(ingress) && annotation !== undefined && annotation !== ingressClassName) {
    errors.push(invalidValue(new FieldPath("annotations").child(CLASS_ANNOTATION), annotation, "must match `ingressClassName` when both are specified"));
  }
  return errors;
}

/** What is wrong with the addresses in an ingress' status. */
export function validateIngressStatus({ status }: Ingress, old: Ingress): FieldError[] {
  const path = new FieldPath("status").child("loadBalancer", "ingress");
  const before = (old.status.loadBalancer.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
  return (status.loadBalancer.ingress ?? []).flatMap(({ ip, hostname }, index) => [
    ...(ip ? ipAddress(ip, path.index(index).child("ip"), before) : []),
    ...(hostname ? [...dnsSubdomain(hostname, path.index(index).child("hostname")), ...notAnAddress(hostname, path.index(index).child("hostname"))] : []),
  ]);
}

function validateRule({ host, http }: IngressRule, path: FieldPath): FieldError[] {
  const hostPath = path.child("host");
  const errors = host ? [...notAnAddress(host, hostPath), ...hostName(host, hostPath)] : [];
  if (http === undefined) return errors;
  const pathsPath = path.child("http", "paths");
  const paths = http.paths ?? [];
  return [...errors, ...(paths.length === 0 ? [requiredValue(pathsPath)] : []), ...paths.flatMap((entry, index) => validatePath(entry, pathsPath.index(index)))];
}

function validatePath({ path = "", pathType, backend }: HTTPIngressPath, at: FieldPath): FieldError[] {
  if (pathType === undefined) return [requiredValue(at.child("pathType"), "pathType must be specified")];
  const isExact = pathType === "Exact" || pathType === "Prefix";
  const pathAt = at.child("path");
  const relative = !path.startsWith("/") && (isExact || (pathType === "ImplementationSpecific" && path !== ""));
  return [
    ...(relative ? [invalidValue(pathAt, path, "must be an absolute path")] : []),
    ...(isExact ? BAD_SEQUENCES.filter((sequence) => path.includes(sequence)).map((sequence) => invalidValue(pathAt, path, `must not contain '${sequence}'`)) : []),
    ...(isExact ? BAD_ENDS.filter((end) => path.endsWith(end)).map((end) => invalidValue(pathAt, path, `cannot end with '${end}'`)) : []),
    ...oneOf(pathType, PATH_TYPES, at.child("pathType")),
    ...validateBackend(backend, at.child("backend")),
  ];
}

function validateBackend({ service, resource }: IngressBackend, path: FieldPath): FieldError[] {
  if (resource !== undefined && service !== undefined) return [invalidValue(path, "", "cannot set both resource and service backends")];
  if (resource !== undefined) return validateTypedReference(resource, path.child("resource"));
  return service === undefined ? [invalidValue(path, "", "resource or service backend is required")] : validateService(service, path);
}

function validateService({ name, port }: IngressServiceBackend, path: FieldPath): FieldError[] {
  const at = path.child("service");
  const errors = name === "" ? [requiredValue(at.child("name"))] : invalidEach(at.child("name"), name, isDNS1123Label(name));
  const { name: portName = "", number = 0 } = port;
  if (portName !== "" && number !== 0) return [...errors, invalidValue(path, "", "cannot set both port name & port number")];
  if (portName !== "") return [...errors, ...invalidEach(at.child("port", "name"), portName, isValidPortName(portName))];
  if (number !== 0) return [...errors, ...invalidEach(at.child("port", "number"), number, isValidPortNumber(number))];
  return [...errors, requiredValue(path, "port name or number is required")];
}

function validateTLS({ hosts = [], secretName }: IngressTLS, path: FieldPath): FieldError[] {
  return [...hosts.flatMap((host, index) => hostName(host, path.child("hosts").index(index))), ...(secretName ? dnsSubdomain(secretName, path.child("secretName")) : [])];
}

function hostName(host: string, path: FieldPath): FieldError[] {
  return invalidEach(path, host, host.includes("*") ? isWildcardDNS1123Subdomain(host) : isDNS1123Subdomain(host));
}

function notAnAddress(host: string, path: FieldPath): FieldError[] {
  return isIP(host) === 0 ? [] : [invalidValue(path, host, NOT_AN_ADDRESS)];
}
