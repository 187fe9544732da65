// Behaviour: k8s.io/kubernetes/pkg/registry/batch/cronjob, and SetDefaults_CronJob in pkg/apis/batch/v1/defaults.go.
import type { CronJob } from "../../../api/generated/types/batch/v1.ts";
import { ageColumn, containerColumns, integerColumn, nameColumn, selectorColumn, textColumn, timeSince } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";
import { nameWarnings } from "../shared/pod-template.ts";
import { statusOnly } from "../shared/status-only.ts";
import { validateCronJob, validateCronJobUpdate } from "./cron-job-validation.ts";
import { defaultJobSpec, jobSpecWarnings } from "./job.ts";

const JOB_SPEC = "spec.jobTemplate.spec";
const ZONE_WARNING =
  "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details";

/** batch/v1 cronjobs. */
export const cronJobResource = defineResource<CronJob>({
  group: "batch",
  version: "v1",
  kind: "CronJob",
  resource: "cronjobs",
  singular: "cronjob",
  shortNames: ["cj"],
  categories: ["all"],
  namespaced: true,
  type: "batch.v1.CronJob",
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    spec.concurrencyPolicy ||= "Allow";
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    defaultJobSpec(spec.jobTemplate.spec);
  },
  prepareForCreate(cronJob) {
    cronJob.status = {};
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: (cronJob) => (isNew(cronJob) ? validateCronJob(cronJob) : []),
  validateUpdate: validateCronJobUpdate,
  warnings({ metadata, spec }, old) {
    const jobWarnings = (): string[] => jobSpecWarnings(spec.jobTemplate.spec, JOB_SPEC);
    if (old === undefined) return [...nameWarnings(metadata.name ?? ""), ...jobWarnings()];
    return [...(old.metadata.generation === metadata.generation ? [] : jobWarnings()), ...(spec.schedule.includes("TZ") ? [ZONE_WARNING] : [])];
  },
  status: statusOnly(),
  columns: [
    nameColumn,
    textColumn("Schedule", "The times at which jobs are made, in cron form.", ({ spec }) => spec.schedule),
    textColumn("Timezone", "The time zone of the schedule.", ({ spec }) => spec.timeZone ?? "<none>"),
    { name: "Suspend", type: "boolean", description: "Whether no more jobs are made.", priority: 0, cell: ({ spec }) => formatBoolean(spec.suspend) },
    integerColumn("Active", "The number of jobs that run.", ({ status }) => (status.active ?? []).length),
    textColumn("Last Schedule", "The time since a job was last made.", ({ status }, now) => (status.lastScheduleTime ? timeSince(status.lastScheduleTime, now) : "<none>")),
    ageColumn,
    ...containerColumns<CronJob>(({ spec }) => spec.jobTemplate.spec.template.spec?.containers),
    selectorColumn("The labels of the pods that are a job's.", ({ spec }) => spec.jobTemplate.spec.selector),
  ],
});

function formatBoolean(value: boolean | undefined): string {
  if (value === undefined) return "<unset>";
  return value ? "True" : "False";
}
