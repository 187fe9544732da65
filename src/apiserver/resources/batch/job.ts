// Behaviour: k8s.io/kubernetes/pkg/registry/batch/job, pkg/api/job, and SetDefaults_Job in pkg/apis/batch/v1/defaults.go.
import { FieldPath } from "../../../api/field-errors.ts";
import type { Job, JobSpec } from "../../../api/generated/types/batch/v1.ts";
import { humanDuration } from "../../../util/duration.ts";
import { validateLabels } from "../../object-meta-validation.ts";
import { ageColumn, containerColumns, nameColumn, selectorColumn, textColumn, timeSince } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";
import { defaultPodTemplate, nameWarnings, templateWarnings } from "../shared/pod-template.ts";
import { statusOnly } from "../shared/status-only.ts";
import { hasCondition } from "./job-conditions.ts";
import { validateJobStatusUpdate } from "./job-status-validation.ts";
import { CONTROLLER_UID_LABEL, JOB_NAME_LABEL, LEGACY_CONTROLLER_UID_LABEL, LEGACY_JOB_NAME_LABEL, validateJob, validateJobUpdate } from "./job-validation.ts";

const LABELS = new FieldPath("metadata").child("labels");
const MAX_INT32 = 2 ** 31 - 1;
const MANY_COMPLETIONS = 100_000;
const MANY_PODS = 10_000;

/** batch/v1 jobs. */
export const jobResource = defineResource<Job>({
  group: "batch",
  version: "v1",
  kind: "Job",
  resource: "jobs",
  singular: "job",
  categories: ["all"],
  namespaced: true,
  type: "batch.v1.Job",
  validateName: nameIsDNSSubdomain,
  defaults({ metadata, spec }) {
    if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
    spec.parallelism ??= 1;
    spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : MAX_INT32;
    labelAsPods({ metadata, spec });
    spec.completionMode ??= "NonIndexed";
    spec.suspend ??= false;
    spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed";
    spec.manualSelector ??= false;
    defaultJobSpec(spec);
  },
  prepareForCreate(job) {
    if (job.spec.manualSelector !== true) generateSelector(job);
    if (validateLabels(job.spec.template.metadata?.labels, LABELS).length === 0) labelAsPods(job);
    job.status = {};
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: (job) => (isNew(job) ? validateJob(job) : []),
  validateUpdate: validateJobUpdate,
  warnings({ metadata, spec }, old) {
    if (old === undefined) return [...nameWarnings(metadata.name ?? ""), ...jobSpecWarnings(spec, "spec")];
    return old.metadata.generation === metadata.generation ? [] : jobSpecWarnings(spec, "spec");
  },
  status: statusOnly(validateJobStatusUpdate),
  selectableFields: { "status.successful": ({ status }) => String(status.succeeded ?? 0) },
  columns: [
    nameColumn,
    textColumn("Status", "Status of the job.", formatStatus),
    textColumn("Completions", "The number of pods that have succeeded, of those that should.", formatCompletions),
    textColumn("Duration", "Time required to complete the job.", formatRunTime),
    ageColumn,
    ...containerColumns<Job>(({ spec }) => spec.template.spec?.containers),
    selectorColumn("The labels of the pods that are the job's.", ({ spec }) => spec.selector),
  ],
});

/** Fills the defaults that a job and the jobs of a cron job have in common. */
export function defaultJobSpec(spec: JobSpec): void {
  defaultPodTemplate(spec.template);
  for (const pattern of (spec.podFailurePolicy?.rules ?? []).flatMap(({ onPodConditions }) => onPodConditions ?? [])) pattern.status ||= "True";
}

/** Warnings about a job's spec. */
export function jobSpecWarnings({ completionMode, completions = 0, parallelism = 0, template }: JobSpec, field: string): string[] {
  const isHuge = completionMode === "Indexed" && completions > MANY_COMPLETIONS && parallelism > MANY_PODS;
  const warning = `${field}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`;
  return [...(isHuge ? [warning] : []), ...templateWarnings(template, `${field}.template`)];
}

/** A job without labels has those of its pods. */
function labelAsPods({ metadata, spec }: Pick<Job, "metadata" | "spec">): void {
  const labels = spec.template.metadata?.labels;
  if (labels !== undefined && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
}

/** Gives the job's pods labels that no others have, and selects them by these. */
function generateSelector({ metadata, spec }: Job): void {
  const { name = "", uid = "" } = metadata;
  spec.template.metadata ??= {};
  const generated = { [LEGACY_JOB_NAME_LABEL]: name, [JOB_NAME_LABEL]: name, [LEGACY_CONTROLLER_UID_LABEL]: uid, [CONTROLLER_UID_LABEL]: uid };
  spec.template.metadata.labels = { ...generated, ...spec.template.metadata.labels };
  spec.selector ??= {};
  spec.selector.matchLabels = { [CONTROLLER_UID_LABEL]: uid, ...spec.selector.matchLabels };
}

function formatStatus({ metadata, status }: Job): string {
  const has = (type: string): boolean => hasCondition(status.conditions, type);
  if (has("Complete")) return "Complete";
  if (has("Failed")) return "Failed";
  if (metadata.deletionTimestamp) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(has) ?? "Running";
}

function formatCompletions({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function formatRunTime({ status }: Job, now: number): string {
  const { startTime, completionTime } = status;
  if (!startTime) return "";
  return completionTime ? humanDuration(Date.parse(completionTime) - Date.parse(startTime)) : timeSince(startTime, now);
}
