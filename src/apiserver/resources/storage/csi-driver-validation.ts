// Behaviour: ValidateCSIDriver* in k8s.io/kubernetes/pkg/apis/storage/validation.
import { duplicateValue, type FieldError, FieldPath, invalidValue } from "../../../api/field-errors.ts";
import type { CSIDriver, TokenRequest } from "../../../api/generated/types/storage/v1.ts";
import { immutable, oneOf } from "../shared/field-checks.ts";

const SPEC = new FieldPath("spec");
const MIN_UPDATE_PERIOD = 10;
const MIN_EXPIRATION = 600;
const MAX_EXPIRATION = 2 ** 32;

/** What is wrong with a driver. */
export function validateCSIDriver({ spec }: CSIDriver): FieldError[] {
  const { fsGroupPolicy, tokenRequests = [], volumeLifecycleModes = [], nodeAllocatableUpdatePeriodSeconds: period, serviceAccountTokenInSecrets } = spec;
  const errors = [
    ...oneOf(fsGroupPolicy, ["File", "None", "ReadWriteOnceWithFSType"], SPEC.child("fsGroupPolicy")),
    ...validateTokenRequests(tokenRequests, SPEC.child("tokenRequests")),
    ...volumeLifecycleModes.flatMap((mode) => oneOf(mode, ["Persistent", "Ephemeral"], SPEC.child("volumeLifecycleModes"))),
  ];
  if (period !== undefined && period < MIN_UPDATE_PERIOD) {
    errors.push(invalidValue(SPEC.child("nodeAllocatableUpdatePeriodSeconds"), period, "must be greater than or equal to 10 seconds"));
  }
  if (serviceAccountTokenInSecrets !== undefined && tokenRequests.length === 0) {
    const detail = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
    errors.push(invalidValue(SPEC.child("serviceAccountTokenInSecrets"), serviceAccountTokenInSecrets, detail));
  }
  return errors;
}

/** What an update may not change. */
export function validateCSIDriverUpdate(next: CSIDriver, old: CSIDriver): FieldError[] {
  return [
    ...immutable(next.spec.attachRequired, old.spec.attachRequired, SPEC.child("attachedRequired")),
    ...immutable(next.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes, SPEC.child("volumeLifecycleModes")),
  ];
}

function validateTokenRequests(requests: readonly TokenRequest[], path: FieldPath): FieldError[] {
  const audiences = requests.map(({ audience }) => audience);
  return requests.flatMap(({ audience, expirationSeconds }, index) => {
    if (audiences.indexOf(audience) < index) return [duplicateValue(path.index(index).child("audience"), audience)];
    const at = path.index(index).child("expirationSeconds");
    if (expirationSeconds === undefined) return [];
    if (expirationSeconds < MIN_EXPIRATION) return [invalidValue(at, expirationSeconds, "may not specify a duration less than 10 minutes")];
    return expirationSeconds > MAX_EXPIRATION ? [invalidValue(at, expirationSeconds, "may not specify a duration larger than 2^32 seconds")] : [];
  });
}
