// Behaviour: ValidateIngressClass* in k8s.io/kubernetes/pkg/apis/networking/validation.
import { type FieldError, FieldPath, forbiddenField, invalidValue, requiredValue, tooLongValue } from "../../../api/field-errors.ts";
import type { IngressClass, IngressClassParametersReference } from "../../../api/generated/types/networking/v1.ts";
import { byteLength, isDNS1123Label, regexMessage } from "../../../api/name-validation.ts";
import { dnsSubdomain, immutable, invalidEach, oneOf } from "../shared/field-checks.ts";
import { isNew } from "../shared/new-object.ts";
import { validateTypedReference } from "./typed-reference.ts";

const SPEC = new FieldPath("spec");
const MAX_CONTROLLER_BYTES = 250;
const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

/** What is wrong with a new ingress class. */
export function validateIngressClass(ingressClass: IngressClass): FieldError[] {
  return isNew(ingressClass) ? validateSpec(ingressClass) : [];
}

/** What is wrong with an ingress class that was there before: another controller cannot take it over. */
export function validateIngressClassUpdate(next: IngressClass, old: IngressClass): FieldError[] {
  return [...immutable(next.spec.controller ?? "", old.spec.controller ?? "", SPEC.child("controller")), ...validateSpec(next)];
}

function validateSpec({ spec: { controller = "", parameters } }: IngressClass): FieldError[] {
  const path = SPEC.child("controller");
  return [
    ...(byteLength(controller) > MAX_CONTROLLER_BYTES ? [tooLongValue(path, MAX_CONTROLLER_BYTES)] : []),
    ...domainPrefixedPath(controller, path),
    ...(parameters === undefined ? [] : validateParameters(parameters, SPEC.child("parameters"))),
  ];
}

function domainPrefixedPath(value: string, path: FieldPath): FieldError[] {
  if (value === "") return [requiredValue(path)];
  const slash = value.indexOf("/");
  if (slash <= 0 || slash === value.length - 1) return [invalidValue(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const rest = value.slice(slash + 1);
  const isPath = new RegExp(`^${HTTP_PATH}$`).test(rest);
  return [...dnsSubdomain(value.slice(0, slash), path), ...(isPath ? [] : [invalidValue(path, rest, regexMessage("Invalid path", HTTP_PATH))])];
}

function validateParameters(parameters: IngressClassParametersReference, path: FieldPath): FieldError[] {
  const errors = validateTypedReference(parameters, path);
  const { scope, namespace } = parameters;
  const namespacePath = path.child("namespace");
  if (scope === undefined || scope === null) return [...errors, requiredValue(path.child("scope"))];
  errors.push(...oneOf(scope, ["Cluster", "Namespace"], path.child("scope")));
  if (scope === "Namespace" && namespace === undefined) errors.push(requiredValue(namespacePath, "`parameters.scope` is set to 'Namespace'"));
  if (scope === "Namespace" && namespace !== undefined) errors.push(...invalidEach(namespacePath, namespace, isDNS1123Label(namespace)));
  if (scope === "Cluster" && namespace !== undefined) errors.push(forbiddenField(namespacePath, "`parameters.scope` is set to 'Cluster'"));
  return errors;
}
