// Behaviour: validateMutatingWebhookConfiguration and validateValidatingWebhookConfiguration in k8s.io/kubernetes/pkg/apis/admissionregistration/validation.
import { duplicateValue, type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { MutatingWebhook, ValidatingWebhook } from "../../../api/generated/types/admissionregistration/v1.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import { isDNS1035Label, isDNS1123Subdomain } from "../../../api/name-validation.ts";
import { deepEqual } from "../../registry/deep-equal.ts";
import { invalidEach, oneOf } from "../shared/field-checks.ts";
import { validateLabelSelector } from "../shared/label-selector.ts";
import { isNew } from "../shared/new-object.ts";
import { validateClientConfig } from "./client-config-validation.ts";
import { validateMatchConditions } from "./expression-validation.ts";
import { validateRule } from "./rule-validation.ts";

const WEBHOOKS = new FieldPath("webhooks");
const SIDE_EFFECTS = ["None", "NoneOnDryRun"];
const REVIEW_VERSIONS = ["v1", "v1beta1"];
const MAX_TIMEOUT = 30;

type Webhook = MutatingWebhook | ValidatingWebhook;
type Configuration = KubernetesObject & { webhooks?: readonly Webhook[] };

/** What is wrong with new webhooks. */
export function validateWebhooks(configuration: Configuration): FieldError[] {
  return isNew(configuration) ? validateAll(configuration, false) : [];
}

/** What is wrong with webhooks that were there before; conditions that stay are not compiled again. */
export function validateWebhooksUpdate(next: Configuration, old: Configuration): FieldError[] {
  const conditionsOf = ({ webhooks = [] }: Configuration): unknown[] => webhooks.map(({ matchConditions = [] }) => matchConditions);
  return validateAll(next, deepEqual(conditionsOf(next), conditionsOf(old)));
}

function validateAll({ webhooks = [] }: Configuration, sameConditions: boolean): FieldError[] {
  const names = webhooks.map(({ name }) => name);
  return webhooks.flatMap((webhook, index) => {
    const path = WEBHOOKS.index(index);
    return [
      ...validateWebhook(webhook, sameConditions, path),
      ...validateReviewVersions(webhook.admissionReviewVersions ?? [], path.child("admissionReviewVersions")),
      ...(webhook.name !== "" && names.indexOf(webhook.name) < index ? [duplicateValue(path.child("name"), webhook.name)] : []),
    ];
  });
}

function validateWebhook(webhook: Webhook, sameConditions: boolean, path: FieldPath): FieldError[] {
  const { name, rules = [], failurePolicy, matchPolicy, sideEffects, timeoutSeconds, namespaceSelector, objectSelector, clientConfig, matchConditions = [] } = webhook;
  const reinvocationPolicy = "reinvocationPolicy" in webhook ? webhook.reinvocationPolicy : undefined;
  const effectsPath = path.child("sideEffects");
  const outOfTime = timeoutSeconds !== undefined && (timeoutSeconds < 1 || timeoutSeconds > MAX_TIMEOUT);
  return [
    ...fullyQualifiedName(name, path.child("name")),
    ...rules.flatMap((rule, index) => validateRule(rule, path.child("rules").index(index))),
    ...oneOf(failurePolicy, ["Fail", "Ignore"], path.child("failurePolicy")),
    ...oneOf(matchPolicy, ["Equivalent", "Exact"], path.child("matchPolicy")),
    ...(sideEffects === undefined ? [requiredValue(effectsPath, `must specify one of ${SIDE_EFFECTS.join(", ")}`)] : oneOf(sideEffects, SIDE_EFFECTS, effectsPath)),
    ...(outOfTime ? [invalidValue(path.child("timeoutSeconds"), timeoutSeconds, `the timeout value must be between 1 and ${MAX_TIMEOUT} seconds`)] : []),
    ...validateLabelSelector(namespaceSelector, path.child("namespaceSelector")),
    ...validateLabelSelector(objectSelector, path.child("objectSelector")),
    ...(reinvocationPolicy === undefined ? [] : oneOf(reinvocationPolicy, ["IfNeeded", "Never"], path.child("reinvocationPolicy"))),
    ...validateClientConfig(clientConfig, path.child("clientConfig")),
    ...(sameConditions ? [] : validateMatchConditions(matchConditions, false, path.child("matchConditions"))),
  ];
}

function fullyQualifiedName(name: string, path: FieldPath): FieldError[] {
  if (name === "") return [requiredValue(path)];
  const problems = isDNS1123Subdomain(name);
  if (problems.length > 0) return [invalidValue(path, name, problems.join(","))];
  return name.split(".").length < 3 ? [invalidValue(path, name, "should be a domain with at least three segments separated by dots")] : [];
}

function validateReviewVersions(versions: readonly string[], path: FieldPath): FieldError[] {
  const known = REVIEW_VERSIONS.join(", ");
  if (versions.length === 0) return [requiredValue(path, `must specify one of ${known}`)];
  const errors = versions.flatMap((version, index) =>
    versions.indexOf(version) < index ? [invalidValue(path.index(index), version, "duplicate version")] : invalidEach(path.index(index), version, isDNS1035Label(version)),
  );
  return versions.some((version) => REVIEW_VERSIONS.includes(version)) ? errors : [...errors, invalidValue(path, versions, `must include at least one of ${known}`)];
}
