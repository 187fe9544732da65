// Behaviour: k8s.io/apiserver/pkg/admission/plugin/policy/mutating: expressions change what is written.
import { StatusError } from "../../../api/errors.ts";
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } from "../../../api/generated/types/admissionregistration/v1.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Store } from "../../../store/store.ts";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { ResourceTable } from "../../resource-table.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import { refuse } from "../attributes.ts";
import { RequestCompiler, type RequestVariables } from "../cel/expressions.ts";
import { compileConditions, type ConditionResult } from "../match-conditions.ts";
import { replaceObject } from "../object-replacement.ts";
import { reinvocationsOf, type Reinvocations } from "../reinvocations.ts";
import { isExempt } from "../request-matching.ts";
import { shown } from "../webhooks/admission-review.ts";
import { compileMutation, type Mutation } from "./mutations.ts";
import { type Invocation, invocationsFor, type PolicyHook, policyHooks } from "./policy-source.ts";

const NAME = "MutatingAdmissionPolicy";
const GROUP = "admissionregistration.k8s.io";

type Policy = MutatingAdmissionPolicy & KubernetesObject;
type Binding = MutatingAdmissionPolicyBinding & KubernetesObject;

interface CompiledMutations {
  readonly compiler: RequestCompiler;
  readonly conditions: (variables: RequestVariables) => ConditionResult;
  readonly mutations: readonly Mutation[];
}

type Hook = PolicyHook<Policy, Binding, CompiledMutations>;
type Failure = (message: string, policy: Policy, binding: Binding | undefined, reason?: string) => void;

/** Applies the policies that are bound to a request. */
export function mutatingPolicies(store: Store, resources: ResourceTable, authorizer: Authorizer): AdmissionStep {
  const hooks = policyHooks<Policy, Binding, CompiledMutations>(
    store,
    resources,
    { group: GROUP, resource: "mutatingadmissionpolicies" },
    { group: GROUP, resource: "mutatingadmissionpolicybindings" },
    compile,
  );
  return {
    name: NAME,
    mutate(request) {
      const all = hooks();
      if (all.length > 0 && !isExempt(request)) mutate(all, request, resources, authorizer);
    },
  };
}

function compile({ spec }: Policy): CompiledMutations {
  const compiler = new RequestCompiler(spec.variables);
  return {
    compiler,
    conditions: compileConditions(compiler, spec.matchConditions ?? [], spec.failurePolicy ?? "Fail"),
    mutations: (spec.mutations ?? []).map((mutation) => compileMutation(compiler, mutation)),
  };
}

function mutate(hooks: readonly Hook[], request: AdmissionRequest, resources: ResourceTable, authorizer: Authorizer): void {
  const failures: { message: string; reason: string | undefined }[] = [];
  const fail: Failure = (message, { metadata, spec }, binding, reason) => {
    if (spec.failurePolicy === "Ignore") return;
    const who = binding === undefined ? `policy ${JSON.stringify(metadata.name)}` : `policy '${metadata.name}' with binding '${binding.metadata.name}'`;
    failures.push({ message: `${who} denied request: ${message}`, reason });
  };
  const invocations = invocationsFor(hooks, request, resources, (message, policy, binding) => fail(`failed to configure ${binding === undefined ? "policy" : "binding"}: ${message}`, policy, binding));
  if (invocations.length > 0) {
    const reinvocations = reinvocationsOf(request, NAME);
    reinvocations.begin();
    for (const invocation of invocations) invoke(invocation, request, authorizer, reinvocations, fail);
    reinvocations.end();
  }
  const [first] = failures;
  if (first === undefined) return;
  const { status } = refuse(request, "admission request denied by policy");
  const causes = failures.map(({ message }) => ({ message }));
  throw new StatusError({ ...status, message: first.message, ...(first.reason !== undefined && { reason: first.reason }), details: { ...status.details, causes } });
}

function invoke(invocation: Invocation<Policy, Binding, CompiledMutations>, request: AdmissionRequest, authorizer: Authorizer, reinvocations: Reinvocations, fail: Failure): void {
  const { policy, binding, compiled, matched, params } = invocation;
  const bind = () => compiled.compiler.bind(request, matched, authorizer, params);
  const conditions = compiled.conditions(bind());
  if ("error" in conditions) return fail(conditions.error, policy, binding, "Invalid");
  const id = [policy.metadata.name, binding.metadata.name, params?.metadata.namespace, params?.metadata.name].join("/");
  if (!conditions.matches || !reinvocations.isDue(id)) return;
  let changed = false;
  for (const mutation of compiled.mutations) {
    if (request.object === undefined) continue;
    try {
      const next = mutation(shown(request, matched, request.object), bind(), matched);
      changed = replaceObject(request, matched, next) || changed;
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error), policy, binding, "Invalid");
    }
  }
  if (changed) reinvocations.changed();
  if (policy.spec.reinvocationPolicy === "IfNeeded") reinvocations.seenBy(id);
}
