// Behaviour: k8s.io/apiserver/pkg/admission/plugin/policy/generic: policies with their bindings, compiled once.
import type { MatchResources, ParamKind, ParamRef } from "../../../api/generated/types/admissionregistration/v1.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Store } from "../../../store/store.ts";
import { lookupAll } from "../../object-storage.ts";
import type { ResourceTable } from "../../resource-table.ts";
import type { AdmissionRequest } from "../admission.ts";
import { type MatchedVersion, requestMatcher, type RequestMatcher } from "../request-matching.ts";
import { derived } from "../store-cache.ts";
import { collectParams, paramResource } from "./params.ts";

/** What policies of both kinds have in common. */
export interface PolicyObject extends KubernetesObject {
  spec: { paramKind?: ParamKind; matchConstraints?: MatchResources; failurePolicy?: string };
}

/** What their bindings have in common. */
export interface BindingObject extends KubernetesObject {
  spec: { policyName?: string; paramRef?: ParamRef; matchResources?: MatchResources };
}

/** A binding with its criteria compiled. */
export interface BoundPolicy<B extends BindingObject> {
  readonly binding: B;
  readonly matches: RequestMatcher | undefined;
}

/** A policy with all that is compiled of it. */
export interface PolicyHook<P extends PolicyObject, B extends BindingObject, C> {
  readonly policy: P;
  readonly matches: RequestMatcher;
  readonly compiled: C;
  readonly bindings: readonly BoundPolicy<B>[];
}

/** One evaluation that a request asks for. */
export interface Invocation<P extends PolicyObject, B extends BindingObject, C> {
  readonly policy: P;
  readonly binding: B;
  readonly compiled: C;
  readonly matched: MatchedVersion;
  readonly params: KubernetesObject | undefined;
}

/** The policies that have bindings, in the order of their names, until one of either changes. */
export function policyHooks<P extends PolicyObject, B extends BindingObject, C>(
  store: Store,
  resources: ResourceTable,
  policies: { group: string; resource: string },
  bindings: { group: string; resource: string },
  compile: (policy: P) => C,
): () => readonly PolicyHook<P, B, C>[] {
  return derived(store, [policies, bindings], () => {
    const compiledPolicies = new WeakMap<P, { matches: RequestMatcher; compiled: C }>();
    return () => {
      const byPolicy = Map.groupBy(lookupAll(store, bindings, "") as readonly B[], ({ spec }) => spec.policyName ?? "");
      return (lookupAll(store, policies, "") as readonly P[]).flatMap((policy) => {
        const bound = byPolicy.get(policy.metadata.name ?? "");
        if (bound === undefined) return [];
        let known = compiledPolicies.get(policy);
        if (known === undefined) compiledPolicies.set(policy, (known = { matches: matcherOf(policy.spec.matchConstraints, resources), compiled: compile(policy) }));
        return [{ policy, ...known, bindings: bound.map((binding) => ({ binding, matches: binding.spec.matchResources && matcherOf(binding.spec.matchResources, resources) })) }];
      });
    };
  });
}

/** The evaluations that a request asks for; `misconfigured` is told of what cannot be applied. */
export function invocationsFor<P extends PolicyObject, B extends BindingObject, C>(
  hooks: readonly PolicyHook<P, B, C>[],
  request: AdmissionRequest,
  resources: ResourceTable,
  misconfigured: (message: string, policy: P, binding: B | undefined) => void,
): Invocation<P, B, C>[] {
  const invocations: Invocation<P, B, C>[] = [];
  for (const { policy, matches, compiled, bindings } of hooks) {
    let current: B | undefined;
    try {
      const matched = matches(request);
      if (matched === undefined) continue;
      const resource = policy.spec.paramKind && paramResource(policy.spec.paramKind, resources);
      for (const { binding, matches: isBound } of bindings) {
        current = binding;
        try {
          if (isBound !== undefined && isBound(request) === undefined) continue;
          for (const params of collectParams(resource, binding.spec.paramRef, request)) invocations.push({ policy, binding, compiled, matched, params });
        } catch (error) {
          misconfigured(messageOf(error), policy, binding);
        }
      }
    } catch (error) {
      misconfigured(messageOf(error), policy, current);
    }
  }
  return invocations;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function matcherOf(match: MatchResources | undefined, resources: ResourceTable): RequestMatcher {
  const { resourceRules, excludeResourceRules, matchPolicy, namespaceSelector, objectSelector } = match ?? {};
  return requestMatcher({ rules: resourceRules?.length ? resourceRules : undefined, excludeRules: excludeResourceRules, matchPolicy, namespaceSelector, objectSelector }, resources);
}
