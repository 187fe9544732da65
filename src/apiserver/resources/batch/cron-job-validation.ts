// Behaviour: ValidateCronJobCreate and ValidateCronJobUpdate in k8s.io/kubernetes/pkg/apis/batch/validation.
import { CronScheduleError, parseCronSchedule } from "../../../api/cron-schedule.ts";
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { CronJob, CronJobSpec } from "../../../api/generated/types/batch/v1.ts";
import { isTimeZone } from "../../../util/time-zone.ts";
import { nonNegative, requiredOneOf } from "../shared/field-checks.ts";
import { validateJobTemplateSpec } from "./job-spec-validation.ts";

const SPEC = new FieldPath("spec");
/** What is left of a job's 63 characters when the time is appended. */
const MAX_NAME_LENGTH = 52;

/** What is wrong with a new cron job. */
export function validateCronJob({ metadata, spec }: CronJob): FieldError[] {
  const name = metadata.name ?? "";
  const tooLong = name.length > MAX_NAME_LENGTH ? [invalidValue(new FieldPath("metadata").child("name"), name, `must be no more than ${MAX_NAME_LENGTH} characters`)] : [];
  return [...validateSpec(spec, undefined), ...tooLong];
}

/** What is wrong with an update of a cron job. */
export function validateCronJobUpdate(next: CronJob, old: CronJob): FieldError[] {
  return validateSpec(next.spec, old.spec);
}

function validateSpec(spec: CronJobSpec, old: CronJobSpec | undefined): FieldError[] {
  const { schedule, timeZone, concurrencyPolicy } = spec;
  const at = SPEC.child("schedule");
  return [
    ...(schedule ? validateSchedule(schedule, timeZone, old?.schedule.includes("TZ") ?? false, at) : [requiredValue(at)]),
    ...nonNegative(spec.startingDeadlineSeconds, SPEC.child("startingDeadlineSeconds")),
    ...(timeZone === undefined || (old !== undefined && old.timeZone === timeZone) ? [] : validateTimeZone(timeZone, SPEC.child("timeZone"))),
    ...requiredOneOf(concurrencyPolicy, ["Allow", "Forbid", "Replace"], SPEC.child("concurrencyPolicy")),
    ...validateJobTemplateSpec(spec.jobTemplate.spec, SPEC.child("jobTemplate", "spec")),
    ...nonNegative(spec.successfulJobsHistoryLimit, SPEC.child("successfulJobsHistoryLimit")),
    ...nonNegative(spec.failedJobsHistoryLimit, SPEC.child("failedJobsHistoryLimit")),
  ];
}

function validateSchedule(schedule: string, timeZone: string | undefined, allowsZone: boolean, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  try {
    parseCronSchedule(schedule, isTimeZone);
  } catch (error) {
    if (!(error instanceof CronScheduleError)) throw error;
    errors.push(invalidValue(path, schedule, error.message));
  }
  if (!schedule.includes("TZ")) return errors;
  if (!allowsZone) errors.push(invalidValue(path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
  else if (timeZone !== undefined) errors.push(invalidValue(path, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule"));
  return errors;
}

function validateTimeZone(timeZone: string, path: FieldPath): FieldError[] {
  if (timeZone === "") return [invalidValue(path, timeZone, "timeZone must be nil or non-empty string")];
  const isName = timeZone.split("/").every((part) => part !== "." && part !== ".." && !part.startsWith("-") && /^[A-Za-z.\-_0-9+]{1,14}$/.test(part));
  const unknown = invalidValue(path, timeZone, `unknown time zone ${timeZone}`);
  if (!isName) return [unknown];
  const isLocal = timeZone.toLowerCase() === "local";
  return [
    ...(isLocal ? [invalidValue(path, timeZone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")] : []),
    ...(isTimeZone(timeZone) ? [] : [unknown]),
  ];
}
