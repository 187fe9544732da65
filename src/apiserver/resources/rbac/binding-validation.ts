// Behaviour: ValidateRoleBinding and ValidateClusterRoleBinding in k8s.io/kubernetes/pkg/apis/rbac/validation.
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { ClusterRoleBinding, RoleBinding, Subject } from "../../../api/generated/types/rbac/v1.ts";
import { dnsSubdomain, invalidEach, oneOf } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { nameIsPathSegment } from "../shared/names.ts";

const GROUP = "rbac.authorization.k8s.io";
const ROLE_REF = new FieldPath("roleRef");

type Binding = RoleBinding | ClusterRoleBinding;

/** What is wrong with a role binding. */
export const validateRoleBinding = ({ roleRef, subjects }: RoleBinding): FieldError[] => validateBinding({ roleRef, subjects }, ["Role", "ClusterRole"], true);

/** What is wrong with a cluster role binding. */
export const validateClusterRoleBinding = ({ roleRef, subjects }: ClusterRoleBinding): FieldError[] => validateBinding({ roleRef, subjects }, ["ClusterRole"], false);

/** A binding stays with its role. */
export function validateBindingUpdate({ roleRef }: Binding, { roleRef: old }: Binding): FieldError[] {
  const same = roleRef.apiGroup === old.apiGroup && roleRef.kind === old.kind && roleRef.name === old.name;
  return same ? [] : [invalidValue(ROLE_REF, internalForm("rbac.v1.RoleRef", roleRef), "cannot change roleRef")];
}

function validateBinding({ roleRef, subjects }: { roleRef: Binding["roleRef"]; subjects: readonly Subject[] | undefined }, kinds: readonly string[], namespaced: boolean): FieldError[] {
  const path = new FieldPath("subjects");
  const namePath = ROLE_REF.child("name");
  return [
    ...oneOf(roleRef.apiGroup, [GROUP], ROLE_REF.child("apiGroup")),
    ...oneOf(roleRef.kind, kinds, ROLE_REF.child("kind")),
    ...(roleRef.name === "" ? [requiredValue(namePath)] : invalidEach(namePath, roleRef.name, nameIsPathSegment(roleRef.name, false))),
    ...(subjects ?? []).flatMap((subject, index) => validateSubject(subject, namespaced, path.index(index))),
  ];
}

function validateSubject({ kind, apiGroup = "", name, namespace = "" }: Subject, namespaced: boolean, path: FieldPath): FieldError[] {
  const errors = name === "" ? [requiredValue(path.child("name"))] : [];
  const groupPath = path.child("apiGroup");
  switch (kind) {
    case "ServiceAccount":
      if (name !== "") errors.push(...dnsSubdomain(name, path.child("name")));
      errors.push(...oneOf(apiGroup, [""], groupPath));
      if (!namespaced && namespace === "") errors.push(requiredValue(path.child("namespace")));
      return errors;
    case "User":
    case "Group":
      return [...errors, ...oneOf(apiGroup, [GROUP], groupPath)];
    default:
      return [...errors, ...oneOf(kind, ["ServiceAccount", "User", "Group"], path.child("kind"))];
  }
}
