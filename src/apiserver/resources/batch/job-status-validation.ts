// Behaviour: ValidateJobUpdateStatus in k8s.io/kubernetes/pkg/apis/batch/validation, with the options of pkg/registry/batch/job: what is wrong is
// an error only when the update changes it.
import { duplicateValue, type FieldError, FieldPath, invalidField, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { Job, JobStatus } from "../../../api/generated/types/batch/v1.ts";
import { nonNegative } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { countIndexes, overlappingIndex } from "./index-intervals.ts";
import { hasCondition, isFinished } from "./job-conditions.ts";

const STATUS = new FieldPath("status");
const CONDITIONS = STATUS.child("conditions");

/** What is wrong with a job's new status. */
export function validateJobStatusUpdate(next: Job, old: Job): FieldError[] {
  const change = new Change(next, old);
  return [
    ...(["active", "succeeded", "failed", "ready", "terminating"] as const).flatMap((field) => nonNegative(next.status[field], STATUS.child(field))),
    ...validateUncounted(next.status),
    ...validateEnd(change),
    ...validateCounts(change),
    ...validateIndexes(change),
    ...validateSuccess(change),
    ...validateTransition(change),
  ];
}

/** An update of a status, and what it changes. */
class Change {
  readonly next: Job;
  readonly old: Job;

  constructor(next: Job, old: Job) {
    this.next = next;
    this.old = old;
  }

  is(type: string): boolean {
    return hasCondition(this.next.status.conditions, type);
  }

  was(type: string): boolean {
    return hasCondition(this.old.status.conditions, type);
  }

  changesCondition(...types: string[]): boolean {
    return types.some((type) => this.is(type) !== this.was(type));
  }

  get isFinished(): boolean {
    return isFinished(this.next.status.conditions);
  }

  get changesFinish(): boolean {
    return this.isFinished !== isFinished(this.old.status.conditions);
  }

  changes(...fields: (keyof JobStatus)[]): boolean {
    return fields.some((field) => !semanticEqual(this.next.status[field] ?? undefined, this.old.status[field] ?? undefined));
  }
}

function validateUncounted({ uncountedTerminatedPods: pods }: JobStatus): FieldError[] {
  const path = STATUS.child("uncountedTerminatedPods");
  const seen = new Set<string>();
  return (["succeeded", "failed"] as const).flatMap((field) =>
    (pods?.[field] ?? []).flatMap((uid, index) => {
      const at = path.child(field).index(index);
      if (uid === "") return [invalidValue(at, uid, "must not be empty")];
      if (seen.has(uid)) return [duplicateValue(at, uid)];
      seen.add(uid);
      return [];
    }),
  );
}

/** Conditions that contradict one another, and the times of start and end. */
function validateEnd(change: Change): FieldError[] {
  const { startTime, completionTime } = change.next.status;
  const [isComplete, isFailed] = [change.is("Complete"), change.is("Failed")];
  const errors: FieldError[] = [];
  if (change.changesCondition("Complete", "Failed") && isComplete && isFailed) errors.push(invalidField(CONDITIONS, "cannot set Complete=True and Failed=true conditions"));
  if (change.changesCondition("Complete", "FailureTarget") && isComplete && change.is("FailureTarget")) {
    errors.push(invalidField(CONDITIONS, "cannot set Complete=True and FailureTarget=true conditions"));
  }
  const at = STATUS.child("completionTime");
  if (change.changesCondition("Complete") || change.changes("completionTime")) {
    if (completionTime && !isComplete) errors.push(invalidValue(at, completionTime, "cannot set completionTime when there is no Complete=True condition"));
    if (!completionTime && isComplete) errors.push(requiredValue(at, "completionTime is required for Complete jobs"));
  }
  if (change.changes("startTime", "completionTime") && startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime)) {
    errors.push(invalidValue(at, completionTime, "must be equal to or after `startTime`"));
  }
  if ((change.changesCondition("Failed") || change.changes("failedIndexes")) && isFailed && !change.is("FailureTarget")) {
    errors.push(invalidField(CONDITIONS, "cannot set Failed=True condition without the FailureTarget=true condition"));
  }
  if (change.changesCondition("Complete", "SuccessCriteriaMet") && isComplete && !change.is("SuccessCriteriaMet")) {
    errors.push(invalidField(CONDITIONS, "cannot set Complete=True condition without the SuccessCriteriaMet=true condition"));
  }
  return errors;
}

/** What a finished job may not have any more. */
function validateCounts(change: Change): FieldError[] {
  if (!change.isFinished) return [];
  const { spec, status } = change.next;
  const { active = 0, startTime, uncountedTerminatedPods: pods } = status;
  const errors: FieldError[] = [];
  if ((change.changesFinish || change.changes("active")) && active > 0) errors.push(invalidValue(STATUS.child("active"), active, "active>0 is invalid for finished job"));
  const neverRuns = spec.suspend === true && spec.completions === 0;
  if ((change.changesFinish || change.changes("startTime")) && !neverRuns && !startTime) errors.push(requiredValue(STATUS.child("startTime"), "startTime is required for finished job"));
  const uncounted = (pods?.failed ?? []).length + (pods?.succeeded ?? []).length;
  if ((change.changesFinish || change.changes("uncountedTerminatedPods")) && uncounted > 0) {
    errors.push(invalidValue(STATUS.child("uncountedTerminatedPods"), internalForm("batch.v1.UncountedTerminatedPods", pods), "must be empty for finished job"));
  }
  return errors;
}

function validateIndexes(change: Change): FieldError[] {
  const { spec, status } = change.next;
  const { completedIndexes: completed = "", failedIndexes: failed, terminating, ready, active = 0 } = status;
  const { completions, backoffLimitPerIndex, completionMode } = spec;
  const [completedPath, failedPath] = [STATUS.child("completedIndexes"), STATUS.child("failedIndexes")];
  const [changesCompleted, changesFailed] = [change.changes("completedIndexes"), change.changes("failedIndexes")];
  const errors: FieldError[] = [];
  const malformed = (text: string, field: string): string | undefined => {
    const problem = completions === undefined ? undefined : countIndexes(text, completions).problem;
    return problem && `error parsing ${field}: ${problem}`;
  };
  const completedProblem = changesCompleted ? malformed(completed, "completedIndexes") : undefined;
  if (completedProblem !== undefined) errors.push(invalidValue(completedPath, completed, completedProblem));
  const failedProblem = changesFailed && failed !== undefined && backoffLimitPerIndex !== undefined ? malformed(failed, "failedIndexes") : undefined;
  if (failedProblem !== undefined) errors.push(invalidValue(failedPath, failed, failedProblem));
  if (changesCompleted && completed !== "" && completionMode !== "Indexed") {
    errors.push(invalidValue(completedPath, completed, "cannot set non-empty completedIndexes when non-indexed completion mode"));
  }
  if (changesFailed && failed !== undefined && backoffLimitPerIndex === undefined) {
    errors.push(invalidValue(failedPath, failed, "cannot set non-null failedIndexes when backoffLimitPerIndex is null"));
  }
  const overlap = (changesCompleted || changesFailed) && completions !== undefined ? overlappingIndex(completed, failed ?? "", completions) : undefined;
  if (overlap !== undefined) errors.push(invalidValue(failedPath, failed, `failedIndexes and completedIndexes overlap at index: ${overlap}`));
  if ((change.changesFinish || change.changes("terminating")) && (terminating ?? 0) > 0 && change.isFinished) {
    errors.push(invalidValue(STATUS.child("terminating"), terminating, "terminating>0 is invalid for finished job"));
  }
  if (change.changes("ready", "active") && (ready ?? 0) > active) errors.push(invalidValue(STATUS.child("ready"), ready, "cannot set more ready pods than active"));
  return errors;
}

function validateSuccess(change: Change): FieldError[] {
  const isMet = change.is("SuccessCriteriaMet");
  const errors: FieldError[] = [];
  if (isMet && change.is("Failed")) errors.push(invalidField(CONDITIONS, "cannot set SuccessCriteriaMet=True and Failed=true conditions"));
  if (isMet && change.is("FailureTarget")) errors.push(invalidField(CONDITIONS, "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions"));
  if (change.next.spec.successPolicy !== undefined && !isMet && change.is("Complete")) {
    errors.push(invalidField(CONDITIONS, "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True"));
  }
  return errors;
}

/** What cannot be undone. */
function validateTransition(change: Change): FieldError[] {
  const { spec, status } = change.next;
  const before = change.old.status;
  const errors = ["Failed", "Complete", "FailureTarget"]
    .filter((type) => change.was(type) && !change.is(type))
    .map((type) => invalidField(CONDITIONS, `cannot disable the terminal ${type}=True condition`));
  if ((status.failed ?? 0) < (before.failed ?? 0)) errors.push(invalidValue(STATUS.child("failed"), status.failed ?? 0, "cannot decrease the failed counter"));
  const canShrink = spec.completionMode === "Indexed" && spec.completions === spec.parallelism;
  if (!canShrink && (status.succeeded ?? 0) < (before.succeeded ?? 0)) errors.push(invalidValue(STATUS.child("succeeded"), status.succeeded ?? 0, "cannot decrease the succeeded counter"));
  if (status.completionTime && before.completionTime && change.changes("completionTime")) errors.push(invalidValue(STATUS.child("completionTime"), status.completionTime, "field is immutable"));
  const isResumed = change.was("Suspended") && hasCondition(status.conditions, "Suspended", "False");
  if (before.startTime && change.changes("startTime") && !isResumed && spec.suspend !== true) {
    errors.push(invalidValue(STATUS.child("startTime"), status.startTime, "field is immutable for unsuspended job once set"));
  }
  if (change.was("SuccessCriteriaMet") && !change.is("SuccessCriteriaMet")) errors.push(invalidField(CONDITIONS, "cannot disable the SuccessCriteriaMet=True condition"));
  if (change.was("Complete") && !change.was("SuccessCriteriaMet") && change.is("SuccessCriteriaMet")) {
    errors.push(invalidField(CONDITIONS, "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions"));
  }
  return errors;
}
