// Behaviour: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation ValidateCustomResourceDefinitionNames.
import { type FieldError, type FieldPath, invalidValue } from "../../../api/field-errors.ts";
import type { CustomResourceDefinitionNames } from "../../../api/generated/types/apiextensions/v1.ts";
import { isDNS1035Label } from "../../../api/name-validation.ts";

/** What is wrong with the names of a kind, wanted or accepted. */
export function validateNames(names: CustomResourceDefinitionNames, path: FieldPath): FieldError[] {
  const { plural, singular = "", kind, listKind = "", shortNames = [], categories = [] } = names;
  const label = (value: string, at: FieldPath) => (value === "" ? [] : problems(value, value, at, ""));
  const mixed = (value: string, at: FieldPath) => (value === "" ? [] : problems(value, value.toLowerCase(), at, "may have mixed case, but should otherwise match: "));
  return [
    ...label(plural, path.child("plural")),
    ...label(singular, path.child("singular")),
    ...mixed(kind, path.child("kind")),
    ...mixed(listKind, path.child("listKind")),
    ...shortNames.flatMap((name, index) => problems(name, name, path.child("shortNames").index(index), "")),
    ...(kind !== "" && kind === listKind ? [invalidValue(path.child("listKind"), listKind, "kind and listKind may not be the same")] : []),
    ...categories.flatMap((category, index) => problems(category, category, path.child("categories").index(index), "")),
  ];
}

function problems(shown: string, checked: string, path: FieldPath, prefix: string): FieldError[] {
  const found = isDNS1035Label(checked);
  return found.length === 0 ? [] : [invalidValue(path, shown, prefix + found.join(","))];
}
