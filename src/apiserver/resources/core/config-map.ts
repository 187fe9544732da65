// Behaviour: k8s.io/kubernetes/pkg/registry/core/configmap and ValidateConfigMap* in pkg/apis/core/validation.
import type { ConfigMap } from "../../../api/generated/types/core/v1.ts";
import { type FieldError, FieldPath, forbiddenField, invalidValue, tooLongValue } from "../../../api/field-errors.ts";
import { byteLength, isConfigMapKey } from "../../../api/name-validation.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { invalidEach } from "../shared/field-checks.ts";
import { dataChanged, decodedLength, MAX_DATA_BYTES } from "../shared/immutable-data.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";
import { columnDocumentation } from "../../tables/column-documentation.ts";

/** v1 configmaps. */
export const configMapResource = defineResource<ConfigMap>({
  group: "",
  version: "v1",
  kind: "ConfigMap",
  resource: "configmaps",
  singular: "configmap",
  shortNames: ["cm"],
  namespaced: true,
  type: "core.v1.ConfigMap",
  validateName: nameIsDNSSubdomain,
  validate: (configMap) => (isNew(configMap) ? validateConfigMap(configMap) : []),
  validateUpdate: (next, old) => [...validateConfigMapUpdate(next, old), ...validateConfigMap(next)],
  columns: [
    nameColumn,
    textColumn("Data", columnDocumentation["ConfigMap.data"], ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length),
    ageColumn,
  ],
});

function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const errors: FieldError[] = [];
  for (const key of Object.keys(data)) {
    const path = new FieldPath("data").key(key);
    errors.push(...invalidEach(path, key, isConfigMapKey(key)));
    if (key in binaryData) errors.push(invalidValue(path, key, "duplicate of key present in binaryData"));
  }
  for (const key of Object.keys(binaryData)) errors.push(...invalidEach(new FieldPath("binaryData").key(key), key, isConfigMapKey(key)));
  const size = sum(Object.values(data).map(byteLength)) + sum(Object.values(binaryData).map(decodedLength));
  if (size > MAX_DATA_BYTES) errors.push(tooLongValue(new FieldPath(), MAX_DATA_BYTES));
  return errors;
}

function validateConfigMapUpdate(next: ConfigMap, old: ConfigMap): FieldError[] {
  if (old.immutable !== true) return [];
  const changed = [
    ...(next.immutable === true ? [] : ["immutable"]),
    ...(dataChanged(next.data, old.data) ? ["data"] : []),
    ...(dataChanged(next.binaryData, old.binaryData) ? ["binaryData"] : []),
  ];
  return changed.map((field) => forbiddenField(new FieldPath(field), "field is immutable when `immutable` is set"));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
