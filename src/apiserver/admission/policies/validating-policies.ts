// Behaviour: k8s.io/apiserver/pkg/admission/plugin/policy/validating: expressions decide whether a write may be.
import { StatusError } from "../../../api/errors.ts";
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from "../../../api/generated/types/admissionregistration/v1.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Store } from "../../../store/store.ts";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { ResourceTable } from "../../resource-table.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import { refuse } from "../attributes.ts";
import { isExempt } from "../request-matching.ts";
import { type CompiledValidations, compileValidations, type Denial, evaluatePolicy } from "./policy-evaluation.ts";
import { invocationsFor, type PolicyHook, policyHooks } from "./policy-source.ts";

const GROUP = "admissionregistration.k8s.io";
const MAX_FAILURES = 50;

type Policy = ValidatingAdmissionPolicy & KubernetesObject;
type Binding = ValidatingAdmissionPolicyBinding & KubernetesObject;
type Hook = PolicyHook<Policy, Binding, CompiledValidations>;

interface Decision extends Denial {
  readonly policy: string;
  readonly binding: string | undefined;
}

const CODES: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 };

/** Evaluates the policies that are bound to a request. */
export function validatingPolicies(store: Store, resources: ResourceTable, authorizer: Authorizer): AdmissionStep {
  const hooks = policyHooks<Policy, Binding, CompiledValidations>(
    store,
    resources,
    { group: GROUP, resource: "validatingadmissionpolicies" },
    { group: GROUP, resource: "validatingadmissionpolicybindings" },
    compileValidations,
  );
  return {
    name: "ValidatingAdmissionPolicy",
    validate(request) {
      const all = hooks();
      if (all.length > 0 && !isExempt(request)) check(all, request, resources, authorizer);
    },
  };
}

function check(hooks: readonly Hook[], request: AdmissionRequest, resources: ResourceTable, authorizer: Authorizer): void {
  const denied: Decision[] = [];
  const audited: object[] = [];
  const annotations = new Map<string, Set<string>>();
  const invocations = invocationsFor(hooks, request, resources, (message, { metadata, spec }, binding) => {
    if (spec.failurePolicy === "Ignore") return;
    denied.push({ policy: metadata.name ?? "", binding: binding?.metadata.name, message: `failed to configure ${binding === undefined ? "policy" : "binding"}: ${message}`, index: 0 });
  });
  for (const { policy, binding, compiled, matched, params } of invocations) {
    const [policyName, bindingName] = [policy.metadata.name ?? "", binding.metadata.name ?? ""];
    const result = evaluatePolicy(compiled, request, matched, authorizer, params);
    const actions = binding.spec.validationActions ?? [];
    for (const denial of result.denials) {
      if (actions.includes("Deny")) denied.push({ ...denial, policy: policyName, binding: bindingName });
      if (actions.includes("Warn")) request.warn(`Validation failed for ValidatingAdmissionPolicy '${policyName}' with binding '${bindingName}': ${denial.message}`);
      if (actions.includes("Audit")) audited.push({ message: denial.message, policy: policyName, binding: bindingName, expressionIndex: denial.index, validationActions: actions });
    }
    for (const { key, value } of result.annotations) annotations.set(`${policyName}/${key}`, (annotations.get(`${policyName}/${key}`) ?? new Set()).add(value));
    for (const message of result.annotationErrors) denied.push({ message, index: 0, policy: policyName, binding: bindingName });
  }
  for (const [key, values] of annotations) request.annotate?.(key, [...values].join(", "));
  if (audited.length > 0) request.annotate?.("validation.policy.admission.k8s.io/validation_failure", JSON.stringify(audited.slice(0, MAX_FAILURES)));
  if (denied[0] !== undefined) throw refusal(request, denied[0]);
}

function refusal(request: AdmissionRequest, { policy, binding, message, reason = "Invalid" }: Decision): StatusError {
  const text = `ValidatingAdmissionPolicy '${policy}'${binding === undefined ? "" : ` with binding '${binding}'`} denied request: ${message}`;
  const { status } = refuse(request, text);
  return new StatusError({ ...status, reason, code: CODES[reason] ?? 422, details: { ...status.details, causes: [{ message: text }] } });
}
