// Behaviour: k8s.io/kubernetes/pkg/registry/core/serviceaccount.
import type { ServiceAccount } from "../../../api/generated/types/core/v1.ts";
import { ageColumn, nameColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";

const ENFORCE_MOUNTABLE_SECRETS = "kubernetes.io/enforce-mountable-secrets";

/** v1 serviceaccounts. */
export const serviceAccountResource = defineResource<ServiceAccount>({
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  resource: "serviceaccounts",
  singular: "serviceaccount",
  shortNames: ["sa"],
  namespaced: true,
  type: "core.v1.ServiceAccount",
  validateName: nameIsDNSSubdomain,
  prepareForCreate: cleanSecretReferences,
  prepareForUpdate: cleanSecretReferences,
  warnings(account, old) {
    const isSet = (of: ServiceAccount | undefined): boolean => ENFORCE_MOUNTABLE_SECRETS in (of?.metadata.annotations ?? {});
    if (!isSet(account) || isSet(old)) return [];
    return [`metadata.annotations[${ENFORCE_MOUNTABLE_SECRETS}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`];
  },
  columns: [nameColumn, ageColumn],
});

/** Secrets are referred to by name only. */
function cleanSecretReferences(account: ServiceAccount): void {
  account.secrets = account.secrets?.map(({ name }) => (name === undefined ? {} : { name }));
  if (account.secrets === undefined) delete account.secrets;
}
