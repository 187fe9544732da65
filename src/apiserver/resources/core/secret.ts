// Behaviour: k8s.io/kubernetes/pkg/registry/core/secret and pkg/apis/core/v1/conversion.go: stringData is merged into data.
import type { Secret } from "../../../api/generated/types/core/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";
import { validateSecret, validateSecretUpdate } from "./secret-validation.ts";
import { keyPairWarnings } from "./secret-warnings.ts";

/** v1 secrets. */
export const secretResource = defineResource<Secret>({
  group: "",
  version: "v1",
  kind: "Secret",
  resource: "secrets",
  singular: "secret",
  namespaced: true,
  type: "core.v1.Secret",
  validateName: nameIsDNSSubdomain,
  defaults(secret) {
    mergeStringData(secret);
    secret.type ||= "Opaque";
  },
  prepareForUpdate(next, old) {
    next.type ||= old.type;
  },
  validate: (secret) => (isNew(secret) ? validateSecret(secret) : []),
  validateUpdate: (next, old) => [...validateSecretUpdate(next, old), ...validateSecret(next)],
  warnings: keyPairWarnings,
  selectableFields: { type: (secret) => secret.type ?? "" },
  columns: [
    nameColumn,
    textColumn("Type", "Used to facilitate programmatic handling of secret data.", (secret) => secret.type ?? ""),
    textColumn("Data", "The number of keys that the secret has.", (secret) => Object.keys(secret.data ?? {}).length),
    ageColumn,
  ],
});

/** stringData is write-only: it never comes back. */
function mergeStringData(secret: Secret): void {
  for (const [key, value] of Object.entries(secret.stringData ?? {})) {
    secret.data ??= {};
    secret.data[key] = Buffer.from(value, "utf8").toString("base64");
  }
  delete secret.stringData;
}
