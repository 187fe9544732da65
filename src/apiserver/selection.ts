// Behaviour: k8s.io/apiserver/pkg/storage/selection_predicate.go: which objects a list, watch or collection is about.
import { badRequest } from "../api/errors.ts";
import { type FieldSelector, FieldSelectorError, parseFieldSelector } from "../api/field-selector.ts";
import { type LabelSelector, LabelSelectorError, parseLabelSelector } from "../api/label-selector.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { Call } from "./call.ts";
import type { Resource } from "./resource.ts";

/** A label and a field selector in one. */
export interface Selection {
  /** Whether every object is selected. */
  readonly isEmpty: boolean;
  /** The only name that can be selected, if there is one. */
  readonly name: string | undefined;
  matches(object: KubernetesObject): boolean;
}

/** Reads a call's selectors; throws a StatusError for malformed ones and for fields the resource cannot select by. */
export function parseSelection(call: Call, options: { readonly labelSelector: string; readonly fieldSelector: string }): Selection {
  const { resource, info } = call;
  const labels = parseLabels(options.labelSelector);
  const fields = parseFields(resource, options.fieldSelector);
  const isEmpty = labels.isEmpty && fields.isEmpty;
  const byName = fields.requiresExactMatch("metadata.name");
  return {
    isEmpty,
    name: byName ?? (info.name === "" ? undefined : info.name),
    matches: (object) => isEmpty || (labels.matches(object.metadata.labels) && fields.matches((field) => fieldOf(resource, object, field))),
  };
}

function parseLabels(text: string): LabelSelector {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    if (error instanceof LabelSelectorError) throw badRequest(error.message);
    throw error;
  }
}

function parseFields(resource: Resource, text: string): FieldSelector {
  try {
    const selector = parseFieldSelector(text);
    for (const { field } of selector.requirements) {
      if (!isSelectable(resource, field)) throw badRequest(unsupportedField(resource, field));
    }
    return selector;
  } catch (error) {
    if (error instanceof FieldSelectorError) throw badRequest(error.message);
    throw error;
  }
}

function isSelectable(resource: Resource, field: string): boolean {
  return field === "metadata.name" || field === "metadata.namespace" || resource.selectableFields?.[field] !== undefined;
}

function unsupportedField(resource: Resource, field: string): string {
  const { group, kind, selectableFields } = resource;
  if (selectableFields === undefined) return `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
  if (group === "batch" || group === "apps") return `field label ${JSON.stringify(field)} not supported for ${kind}`;
  return `field label not supported: ${field}`;
}

function fieldOf(resource: Resource, object: KubernetesObject, field: string): string {
  if (field === "metadata.name") return object.metadata.name ?? "";
  if (field === "metadata.namespace") return object.metadata.namespace ?? "";
  return resource.selectableFields?.[field]?.(object) ?? "";
}
