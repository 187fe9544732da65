// Behaviour: k8s.io/apimachinery/pkg/apis/meta/{v1,internalversion}/validation: options of a request, from its query.
import { type StatusError, badRequest, invalid } from "../api/errors.ts";
import { FieldPath, type FieldError, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../api/field-errors.ts";
import type { DeleteOptions } from "../api/generated/types/meta/v1.ts";
import { isTrue } from "./request-info.ts";
import { validateFieldManager } from "./object-meta-validation.ts";

/** How unknown and duplicate fields of a body are treated. */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

/** Options of create, update and patch. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  /** For apply patches: take fields over that others own. */
  readonly force: boolean;
}

/** Options of list and watch. */
export interface ListOptions {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly limit: number;
  readonly continue: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly watch: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  readonly timeoutSeconds: number | undefined;
}

/** Reads CreateOptions or UpdateOptions; throws a StatusError. */
export function parseWriteOptions(query: URLSearchParams, kind: "CreateOptions" | "UpdateOptions"): WriteOptions {
  return validatedWriteOptions(query, kind, []);
}

/** Reads PatchOptions; throws a StatusError. */
export function parsePatchOptions(query: URLSearchParams, apply: boolean): WriteOptions {
  const errors: FieldError[] = [];
  if (apply) {
    if ((query.get("fieldManager") ?? "") === "") errors.push(requiredValue(new FieldPath("fieldManager"), "is required for apply patch"));
  } else if (query.has("force")) {
    errors.push(forbiddenField(new FieldPath("force"), "may not be specified for non-apply patch"));
  }
  return validatedWriteOptions(query, "PatchOptions", errors);
}

function validatedWriteOptions(query: URLSearchParams, kind: string, errors: FieldError[]): WriteOptions {
  const fieldManager = query.get("fieldManager") ?? "";
  const fieldValidation = query.get("fieldValidation") ?? "";
  const dryRun = query.getAll("dryRun");
  errors.push(...validateFieldManager(fieldManager, new FieldPath("fieldManager")), ...validateDryRun(dryRun));
  if (!["", "Ignore", "Strict", "Warn"].includes(fieldValidation)) {
    errors.push(notSupportedValue(new FieldPath("fieldValidation"), fieldValidation, ["", "Ignore", "Strict", "Warn"]));
  }
  if (errors.length > 0) throw invalidOptions(kind, errors);
  return {
    dryRun: dryRun.length > 0,
    fieldManager,
    fieldValidation: fieldValidation === "" ? "Warn" : (fieldValidation as FieldValidation),
    force: isTrue(query.get("force")),
  };
}

/** Reads ListOptions; throws a StatusError. */
export function parseListOptions(query: URLSearchParams): ListOptions {
  const options: ListOptions = {
    labelSelector: query.get("labelSelector") ?? "",
    fieldSelector: query.get("fieldSelector") ?? "",
    limit: parseInteger(query.get("limit")) ?? 0,
    continue: query.get("continue") ?? "",
    resourceVersion: query.get("resourceVersion") ?? "",
    resourceVersionMatch: query.get("resourceVersionMatch") ?? "",
    watch: isTrue(query.get("watch")),
    allowWatchBookmarks: isTrue(query.get("allowWatchBookmarks")),
    sendInitialEvents: query.has("sendInitialEvents") ? isTrue(query.get("sendInitialEvents")) : undefined,
    timeoutSeconds: parseInteger(query.get("timeoutSeconds")),
  };
  const errors = options.watch ? validateWatch(options) : validateList(options);
  if (errors.length > 0) throw invalidOptions("ListOptions", errors);
  return options;
}

const MATCH = new FieldPath("resourceVersionMatch");

function validateList(options: ListOptions): FieldError[] {
  const errors: FieldError[] = [];
  const match = options.resourceVersionMatch;
  if (match !== "") {
    if (options.resourceVersion === "") errors.push(forbiddenField(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    if (options.continue !== "") errors.push(forbiddenField(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
    if (match !== "Exact" && match !== "NotOlderThan") errors.push(notSupportedValue(MATCH, match, ["Exact", "NotOlderThan", ""]));
    if (match === "Exact" && options.resourceVersion === "0") {
      errors.push(forbiddenField(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (options.sendInitialEvents !== undefined) errors.push(forbiddenField(new FieldPath("sendInitialEvents"), "sendInitialEvents is forbidden for list"));
  return errors;
}

function validateWatch(options: ListOptions): FieldError[] {
  const errors: FieldError[] = [];
  const match = options.resourceVersionMatch;
  if (options.sendInitialEvents !== undefined && match !== "NotOlderThan") {
    errors.push(forbiddenField(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  }
  if (match !== "") {
    if (options.sendInitialEvents === undefined) {
      errors.push(forbiddenField(MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
    }
    if (match !== "NotOlderThan") errors.push(notSupportedValue(MATCH, match, ["NotOlderThan"]));
    if (options.continue !== "") errors.push(forbiddenField(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
  }
  return errors;
}

/** DeleteOptions as they are used: how to delete, or not to. */
export interface DeletionOptions extends DeleteOptions {
  readonly isDryRun: boolean;
}

/** Reads DeleteOptions from the query, for requests without a body; throws a StatusError. */
export function parseDeleteOptions(query: URLSearchParams): DeleteOptions {
  const gracePeriodSeconds = parseInteger(query.get("gracePeriodSeconds"));
  const propagationPolicy = query.get("propagationPolicy") ?? undefined;
  const dryRun = query.getAll("dryRun");
  return {
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
    ...(query.has("orphanDependents") && { orphanDependents: isTrue(query.get("orphanDependents")) }),
    ...(dryRun.length > 0 && { dryRun }),
  };
}

/** Checks DeleteOptions of any origin; throws a StatusError. */
export function validateDeleteOptions(options: DeleteOptions): DeletionOptions {
  const errors: FieldError[] = [];
  const path = new FieldPath("propagationPolicy");
  const policy = options.propagationPolicy;
  if (policy !== undefined) {
    if (options.orphanDependents !== undefined) errors.push(invalidValue(path, policy, "orphanDependents and deletionPropagation cannot be both set"));
    const policies = ["Foreground", "Background", "Orphan"];
    if (!policies.includes(policy)) errors.push(notSupportedValue(path, policy, [...policies, "nil"]));
  }
  errors.push(...validateDryRun(options.dryRun ?? []));
  if (errors.length > 0) throw invalidOptions("DeleteOptions", errors);
  return { ...options, isDryRun: (options.dryRun ?? []).length > 0 };
}

/** An integer of a query as Go's strconv reads it; undefined when it is absent or empty. */
export function parseInteger(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = BigInt(text);
  if (value > 2n ** 63n - 1n || value < -(2n ** 63n)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
  return Number(value);
}

function validateDryRun(dryRun: readonly string[]): FieldError[] {
  return dryRun.every((value) => value === "All") ? [] : [notSupportedValue(new FieldPath("dryRun"), dryRun, ["All"])];
}

function invalidOptions(kind: string, errors: readonly FieldError[]): StatusError {
  return invalid({ group: "meta.k8s.io", kind }, "", errors);
}
