// Behaviour: validateValidatingAdmissionPolicy* in k8s.io/kubernetes/pkg/apis/admissionregistration/validation.
import type { Environment } from "../../../api/cel/environment.ts";
import { duplicateValue, type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type {
  AuditAnnotation,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
} from "../../../api/generated/types/admissionregistration/v1.ts";
import { validateConditions } from "../shared/conditions.ts";
import { oneOf, qualifiedName } from "../shared/field-checks.ts";
import { isNew } from "../shared/new-object.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { requestEnvironment, validateExpression, validateMatchConditions } from "./expression-validation.ts";
import { validateBindingSpec, validatePolicyHead, validateVariables } from "./policy-validation.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");
const REASONS = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
const ACTIONS = ["Audit", "Deny", "Warn"];
const NOTHING_TO_DO = "validations or auditAnnotations must contain at least one item";
const MAX_ANNOTATIONS = 20;
const MAX_VALUE_EXPRESSION_BYTES = 5 * 1024;

/** What is wrong with a new policy. */
export function validateValidatingPolicy(policy: ValidatingAdmissionPolicy): FieldError[] {
  return isNew(policy) ? validatePolicy(policy, false) : [];
}

/** What is wrong with a policy that was there before; conditions that stay are not compiled again. */
export function validateValidatingPolicyUpdate(next: ValidatingAdmissionPolicy, old: ValidatingAdmissionPolicy): FieldError[] {
  return validatePolicy(next, semanticEqual(next.spec.paramKind, old.spec.paramKind) && semanticEqual(next.spec.matchConditions, old.spec.matchConditions));
}

/** What is wrong with a policy's status. */
export function validateValidatingPolicyStatus({ status }: ValidatingAdmissionPolicy): FieldError[] {
  const path = STATUS.child("typeChecking", "expressionWarnings");
  const warnings = status.typeChecking?.expressionWarnings ?? [];
  return [
    ...warnings.flatMap(({ fieldRef, warning }, index) => [
      ...(warning === "" ? [requiredValue(path.index(index).child("warning"))] : []),
      ...(fieldRef.trim() === "" ? [requiredValue(path.index(index).child("fieldRef"))] : []),
    ]),
    ...validateConditions(status.conditions ?? [], STATUS.child("conditions")),
  ];
}

/** What is wrong with a policy's binding. */
export function validateValidatingBinding({ spec }: ValidatingAdmissionPolicyBinding): FieldError[] {
  const path = SPEC.child("validationActions");
  const actions = spec.validationActions ?? [];
  const clash = actions.includes("Deny") && actions.includes("Warn");
  const detail = "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
  return [
    ...validateBindingSpec(spec),
    ...actions.flatMap((action, index) => [...oneOf(action, ACTIONS, path.index(index)), ...(actions.indexOf(action) < index ? [duplicateValue(path.index(index), action)] : [])]),
    ...(clash ? [invalidValue(path, actions, detail)] : []),
    ...(actions.length === 0 ? [requiredValue(path, "at least one validation action is required")] : []),
  ];
}

function validatePolicy({ metadata, spec }: ValidatingAdmissionPolicy, sameConditions: boolean): FieldError[] {
  const { paramKind, matchConditions = [], variables = [], validations = [], auditAnnotations } = spec;
  const params = paramKind !== undefined;
  const environment = requestEnvironment({ params, authorizer: true, variables: variables.length > 0 });
  const messages = requestEnvironment({ params, variables: variables.length > 0 });
  const errors = [
    ...validatePolicyHead(spec),
    ...(sameConditions ? [] : validateMatchConditions(matchConditions, params, SPEC.child("matchConditions"))),
    ...validateVariables(variables, environment),
  ];
  if (validations.length + (auditAnnotations ?? []).length === 0) {
    return [...errors, requiredValue(SPEC.child("validations"), NOTHING_TO_DO), requiredValue(SPEC.child("auditAnnotations"), NOTHING_TO_DO)];
  }
  return [
    ...errors,
    ...validations.flatMap((validation, index) => validateValidation(validation, environment, messages, SPEC.child("validations").index(index))),
    ...validateAnnotations(auditAnnotations ?? [], metadata.name ?? "", environment),
  ];
}

function validateValidation({ expression, message = "", messageExpression = "", reason }: Validation, environment: Environment, messages: Environment, path: FieldPath): FieldError[] {
  const [messagePath, expressionPath] = [path.child("message"), path.child("messageExpression")];
  const errors = expression.trim() === "" ? [requiredValue(path.child("expression"), "expression is not specified")] : validateExpression(expression, ["bool"], environment, path.child("expression"));
  if (messageExpression.trim() !== "") errors.push(...validateExpression(messageExpression, ["string"], messages, expressionPath));
  else if (messageExpression !== "") errors.push(invalidValue(expressionPath, messageExpression, "must be non-empty if specified"));
  if (message !== "" && message.trim() === "") errors.push(invalidValue(messagePath, message, "must be non-empty if specified"));
  else if (/[\n\r]/.test(message.trim())) errors.push(invalidValue(messagePath, message, "must not contain line breaks"));
  return reason === undefined ? errors : [...errors, ...oneOf(reason, REASONS, path.child("reason"))];
}

function validateAnnotations(annotations: readonly AuditAnnotation[], policy: string, environment: Environment): FieldError[] {
  const path = SPEC.child("auditAnnotations");
  const keys = annotations.map(({ key }) => key);
  const errors = annotations.length > MAX_ANNOTATIONS ? [invalidValue(path, annotations, `must not have more than ${MAX_ANNOTATIONS} auditAnnotations`)] : [];
  const each = annotations.flatMap(({ key, valueExpression }, index) => {
    const [keyPath, valuePath] = [path.index(index).child("key"), path.index(index).child("valueExpression")];
    const trimmed = valueExpression.trim();
    return [
      ...(policy === "" ? [invalidValue(keyPath, key, "requires metadata.name be non-empty")] : qualifiedName(`${policy}/${key}`, keyPath)),
      ...(trimmed === "" ? [requiredValue(valuePath, "valueExpression is not specified")] : validateValueExpression(trimmed, valueExpression, environment, valuePath)),
      ...(keys.indexOf(key) < index ? [duplicateValue(keyPath, key)] : []),
    ];
  });
  return [...errors, ...each];
}

function validateValueExpression(trimmed: string, shown: string, environment: Environment, path: FieldPath): FieldError[] {
  if (Buffer.byteLength(trimmed) > MAX_VALUE_EXPRESSION_BYTES) return [requiredValue(path, `must not exceed ${MAX_VALUE_EXPRESSION_BYTES} bytes in length`)];
  return validateExpression(trimmed, ["string", "null_type"], environment, path, shown);
}
