// Behaviour: k8s.io/apiserver/pkg/admission: steps that change and then check what is about to be written.
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import type { RequestContext, Resource } from "../resource.ts";

/** What is about to happen. */
export type AdmissionOperation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** How often a request went through the mutating steps, and what they keep from one time to the next. */
export interface Reinvocation {
  /** Whether the steps run again, as some changed the object after others had seen it. */
  isReinvoke: boolean;
  /** Set by a step that changed the object. */
  shouldReinvoke: boolean;
  readonly states: Map<string, unknown>;
}

/** One write (or connection) to admit. */
export interface AdmissionRequest {
  readonly operation: AdmissionOperation;
  readonly resource: Resource;
  /** "" for the resource itself. */
  readonly subresource: string;
  readonly namespace: string;
  /** "" for a create whose name is still to be generated, and for a whole collection. */
  readonly name: string;
  /** What will be written, the step's to change while mutating; undefined for deletions. */
  readonly object: UnstructuredObject | undefined;
  /** What is there; undefined for creations. Not to be mutated. */
  readonly old: KubernetesObject | undefined;
  /** The kind of `object` where a subresource has its own: Scale, Eviction, Binding; else the resource's. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  /** CreateOptions, UpdateOptions, PatchOptions or DeleteOptions, as the client gave them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  readonly dryRun: boolean;
  /** Set while mutating. */
  readonly reinvocation?: Reinvocation;
  /** Tells the client; the write goes on. */
  warn(message: string): void;
  /** Adds to the request's line in the audit log. */
  annotate?(key: string, value: string): void;
}

/** One admission plugin. Both functions reject with a StatusError to refuse. */
export interface AdmissionStep {
  readonly name: string;
  /** May change `request.object`. */
  mutate?(request: AdmissionRequest): Promise<void> | void;
  /** Sees what is going to be written, after all mutations; must change nothing. */
  validate?(request: AdmissionRequest): Promise<void> | void;
}

/** All steps as one. */
export interface AdmissionChain {
  mutate(request: AdmissionRequest): Promise<void>;
  validate(request: AdmissionRequest): Promise<void>;
}

/** Runs steps in the order given; those that mutate once more when one asks for it. */
export function admissionChain(steps: readonly AdmissionStep[]): AdmissionChain {
  const mutating = steps.filter((step) => step.mutate !== undefined);
  const validating = steps.filter((step) => step.validate !== undefined);
  const mutateOnce = async (request: AdmissionRequest) => {
    for (const step of mutating) {
      const pending = step.mutate?.(request);
      if (pending !== undefined) await pending;
    }
  };
  return {
    async mutate(plain) {
      const reinvocation: Reinvocation = { isReinvoke: false, shouldReinvoke: false, states: new Map() };
      const request = { ...plain, reinvocation };
      await mutateOnce(request);
      if (!reinvocation.shouldReinvoke) return;
      reinvocation.isReinvoke = true;
      await mutateOnce(request);
    },
    async validate(request) {
      for (const step of validating) {
        const pending = step.validate?.(request);
        if (pending !== undefined) await pending;
      }
    },
  };
}
