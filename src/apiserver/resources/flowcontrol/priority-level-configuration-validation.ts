// Behaviour: ValidatePriorityLevelConfiguration* in k8s.io/kubernetes/pkg/apis/flowcontrol/validation.
import { type FieldError, FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type {
  ExemptPriorityLevelConfiguration,
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from "../../../api/generated/types/flowcontrol/v1.ts";
import { rangeMessage } from "../../../api/name-validation.ts";
import { internalForm } from "../shared/internal-form.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { validateStatus } from "./conditions.ts";
import { mandatorySpec } from "./mandatory.ts";

const SPEC = new FieldPath("spec");
const EXEMPT = "exempt";
const PRESERVE_ZERO = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";
const MAX_QUEUES = 10_000_000;
const MAX_HASH_BITS = 60;

/** What is wrong with a priority level. */
export function validatePriorityLevel(level: PriorityLevelConfiguration): FieldError[] {
  const { metadata, spec } = level;
  const errors: FieldError[] = [];
  if (metadata.annotations?.[PRESERVE_ZERO] !== undefined) errors.push(forbiddenField(new FieldPath("metadata").child("annotations"), `annotation '${PRESERVE_ZERO}' is forbidden`));
  return [...errors, ...validateSpec(spec, metadata.name ?? ""), ...validateMandatory(spec, metadata.name ?? ""), ...validateStatus(level)];
}

function validateSpec({ type, limited, exempt }: PriorityLevelConfigurationSpec, name: string): FieldError[] {
  const errors: FieldError[] = [];
  const limitedPath = SPEC.child("limited");
  if ((name === EXEMPT) !== (type === "Exempt")) errors.push(invalidValue(SPEC.child("type"), type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  switch (type) {
    case "Exempt":
      if (limited !== undefined) errors.push(forbiddenField(limitedPath, "must be nil if the type is not Limited"));
      return exempt === undefined ? errors : [...errors, ...validateShares(exempt, SPEC.child("exempt"))];
    case "Limited":
      if (exempt !== undefined) errors.push(forbiddenField(SPEC.child("exempt"), "must be nil if the type is Limited"));
      return limited === undefined ? [...errors, requiredValue(limitedPath, "must not be empty when type is Limited")] : [...errors, ...validateLimited(limited, limitedPath)];
    default:
      return [...errors, notSupportedValue(SPEC.child("type"), type, ["Exempt", "Limited"])];
  }
}

/** Of the level named exempt, only the shares can change. */
function validateMandatory(spec: PriorityLevelConfigurationSpec, name: string): FieldError[] {
  const fixed = mandatorySpec<PriorityLevelConfigurationSpec>("PriorityLevelConfiguration", name);
  if (fixed === undefined) return [];
  const isExempt = name === EXEMPT;
  const { exempt: _own, ...rest } = spec;
  const compared = isExempt && fixed.exempt !== undefined ? { ...rest, exempt: fixed.exempt } : spec;
  if (semanticEqual(compared, fixed)) return [];
  return [invalidValue(SPEC, internalForm("flowcontrol.v1.PriorityLevelConfigurationSpec", spec), `spec of '${name}'${isExempt ? " except the 'spec.exempt' field" : ""} must equal the fixed value`)];
}

function validateLimited(limited: LimitedPriorityLevelConfiguration, path: FieldPath): FieldError[] {
  const { limitResponse, borrowingLimitPercent = 0 } = limited;
  const [shares, lendable] = [validateNominalShares(limited, path), validateLendable(limited, path)];
  const borrowing = borrowingLimitPercent < 0 ? [invalidValue(path.child("borrowingLimitPercent"), borrowingLimitPercent, "if specified, must be a non-negative integer")] : [];
  return [...shares, ...validateLimitResponse(limitResponse, path.child("limitResponse")), ...lendable, ...borrowing];
}

type Shares = Pick<LimitedPriorityLevelConfiguration | ExemptPriorityLevelConfiguration, "nominalConcurrencyShares" | "lendablePercent">;

function validateShares(shares: Shares, path: FieldPath): FieldError[] {
  return [...validateNominalShares(shares, path), ...validateLendable(shares, path)];
}

function validateNominalShares({ nominalConcurrencyShares }: Shares, path: FieldPath): FieldError[] {
  return (nominalConcurrencyShares ?? 0) < 0 ? [invalidValue(path.child("nominalConcurrencyShares"), nominalConcurrencyShares, "must be a non-negative integer")] : [];
}

function validateLendable({ lendablePercent = 0 }: Shares, path: FieldPath): FieldError[] {
  return lendablePercent >= 0 && lendablePercent <= 100 ? [] : [invalidValue(path.child("lendablePercent"), lendablePercent, rangeMessage(0, 100))];
}

function validateLimitResponse({ type, queuing }: LimitResponse, path: FieldPath): FieldError[] {
  const queuingPath = path.child("queuing");
  switch (type) {
    case "Reject":
      return queuing === undefined ? [] : [forbiddenField(queuingPath, "must be nil if limited.limitResponse.type is not Limited")];
    case "Queue":
      return queuing === undefined ? [requiredValue(queuingPath, "must not be empty if limited.limitResponse.type is Limited")] : validateQueuing(queuing, queuingPath);
    default:
      return [notSupportedValue(path.child("type"), type, ["Queue", "Reject"])];
  }
}

function validateQueuing({ queues, handSize, queueLengthLimit }: QueuingConfiguration, path: FieldPath): FieldError[] {
  const positive = (value: number, field: string): FieldError[] => (value <= 0 ? [invalidValue(path.child(field), value, "must be positive")] : []);
  const errors = [...positive(queueLengthLimit, "queueLengthLimit"), ...positive(queues, "queues")];
  if (queues > MAX_QUEUES) errors.push(invalidValue(path.child("queues"), queues, `must not be greater than ${MAX_QUEUES}`));
  errors.push(...positive(handSize, "handSize"));
  if (handSize <= 0) return errors;
  const handPath = path.child("handSize");
  if (handSize > queues) return [...errors, invalidValue(handPath, handSize, `should not be greater than queues (${queues})`)];
  if (Math.ceil(Math.log2(queues) * handSize) <= MAX_HASH_BITS) return errors;
  return [...errors, invalidValue(handPath, handSize, `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${MAX_HASH_BITS}`)];
}
