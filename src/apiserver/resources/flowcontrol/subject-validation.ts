// Behaviour: ValidateFlowSchemaSubject in k8s.io/kubernetes/pkg/apis/flowcontrol/validation.
import { type FieldError, type FieldPath, forbiddenField, requiredValue } from "../../../api/field-errors.ts";
import type { ServiceAccountSubject, Subject } from "../../../api/generated/types/flowcontrol/v1.ts";
import { isDNS1123Label } from "../../../api/name-validation.ts";
import { dnsSubdomain, invalidEach, oneOf, required } from "../shared/field-checks.ts";

const FIELDS = { User: "user", Group: "group", ServiceAccount: "serviceAccount" } as const;
/** The order in which fields of other kinds are refused. */
const OTHERS = { User: ["ServiceAccount", "Group"], Group: ["ServiceAccount", "User"], ServiceAccount: ["User", "Group"] } as const;

/** What is wrong with who sends requests: it says what its kind says, and nothing else. */
export function validateSubject(subject: Subject, path: FieldPath): FieldError[] {
  const { kind } = subject;
  if (kind !== "User" && kind !== "Group" && kind !== "ServiceAccount") return oneOf(kind, ["Group", "ServiceAccount", "User"], path.child("kind"));
  const forbidden = OTHERS[kind].filter((other) => subject[FIELDS[other]] !== undefined);
  return [
    ...validateOwn(subject, kind, path.child(FIELDS[kind])),
    ...forbidden.map((other) => forbiddenField(path.child(FIELDS[other]), `${FIELDS[other]} is forbidden when subject kind is not '${other}'`)),
  ];
}

function validateOwn(subject: Subject, kind: keyof typeof FIELDS, path: FieldPath): FieldError[] {
  const own = subject[FIELDS[kind]];
  if (own === undefined) return [requiredValue(path, `${FIELDS[kind]} is required when subject kind is '${kind}'`)];
  return subject.serviceAccount !== undefined && kind === "ServiceAccount" ? validateServiceAccount(subject.serviceAccount, path) : required(own.name, path.child("name"));
}

function validateServiceAccount({ name, namespace }: ServiceAccountSubject, path: FieldPath): FieldError[] {
  const namespacePath = path.child("namespace");
  const nameErrors = name === "" || name === "*" ? required(name, path.child("name")) : dnsSubdomain(name, path.child("name"));
  const namespaceErrors = namespace === "" ? [requiredValue(namespacePath, "must specify namespace for service account")] : invalidEach(namespacePath, namespace, isDNS1123Label(namespace));
  return [...nameErrors, ...namespaceErrors];
}
