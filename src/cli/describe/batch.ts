// Behaviour: k8s.io/kubectl/pkg/describe (Job, CronJob describers).
import type { CronJob, Job, JobTemplateSpec } from "../../api/generated/types/batch/v1.ts";
import { labelSelector } from "../../api/label-selector.ts";
import { humanDuration } from "../../util/duration.ts";
import { defineDescriber } from "./describer.ts";
import { type Description, boolText, longTime } from "./description.ts";
import { controllerText, describePodTemplate } from "./pod.ts";

const SHOWN_INDEXES = 50;

/** Describes a job. */
export const jobDescriber = defineDescriber<Job>({
  describe({ metadata, spec, status }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.field(0, "Selector", labelSelector(spec.selector));
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    const controller = controllerText(metadata);
    if (controller !== "") to.field(0, "Controlled By", controller);
    if (spec.parallelism !== undefined) to.field(0, "Parallelism", spec.parallelism);
    to.field(0, "Completions", spec.completions ?? "<unset>");
    if (spec.completionMode !== undefined) to.field(0, "Completion Mode", spec.completionMode);
    if (spec.suspend !== undefined) to.field(0, "Suspend", spec.suspend);
    if (spec.backoffLimit !== undefined) to.field(0, "Backoff Limit", spec.backoffLimit);
    if (spec.ttlSecondsAfterFinished !== undefined) to.field(0, "TTL Seconds After Finished", spec.ttlSecondsAfterFinished);
    describeTimes({ spec, status }, to);
    const active = `${status.active ?? 0} Active${status.ready === undefined ? "" : ` (${status.ready} Ready)`}`;
    to.field(0, "Pods Statuses", `${active} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`);
    if (spec.completionMode === "Indexed") to.field(0, "Completed Indexes", indexesText(status.completedIndexes ?? ""));
    describePodTemplate(spec.template, to);
  },
});

function describeTimes({ spec, status }: Pick<Job, "spec" | "status">, to: Description): void {
  const { startTime, completionTime } = status;
  if (startTime !== undefined) to.field(0, "Start Time", longTime(startTime));
  if (completionTime !== undefined) to.field(0, "Completed At", longTime(completionTime));
  if (startTime !== undefined && completionTime !== undefined) to.field(0, "Duration", humanDuration(Date.parse(completionTime) - Date.parse(startTime)));
  if (spec.activeDeadlineSeconds !== undefined) to.field(0, "Active Deadline Seconds", `${spec.activeDeadlineSeconds}s`);
}

/** The list of indexes, cut at a comma when it is long. */
function indexesText(indexes: string): string {
  if (indexes === "") return "<none>";
  const comma = indexes.indexOf(",", SHOWN_INDEXES);
  return comma === -1 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}

/** Describes a cron job. */
export const cronJobDescriber = defineDescriber<CronJob>({
  describe({ metadata, spec, status }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "Schedule", spec.schedule);
    to.field(0, "Concurrency Policy", spec.concurrencyPolicy);
    to.field(0, "Suspend", boolText(spec.suspend));
    to.field(0, "Successful Job History Limit", spec.successfulJobsHistoryLimit ?? "<unset>");
    to.field(0, "Failed Job History Limit", spec.failedJobsHistoryLimit ?? "<unset>");
    to.field(0, "Starting Deadline Seconds", spec.startingDeadlineSeconds === undefined ? "<unset>" : `${spec.startingDeadlineSeconds}s`);
    describeJobTemplate(spec.jobTemplate, to);
    to.field(0, "Last Schedule Time", status.lastScheduleTime === undefined ? "<unset>" : longTime(status.lastScheduleTime));
    to.field(0, "Active Jobs", (status.active ?? []).map(({ name }) => name).join(", ") || "<none>");
  },
});

function describeJobTemplate({ spec }: JobTemplateSpec, to: Description): void {
  to.field(0, "Selector", spec?.selector === undefined ? "<unset>" : labelSelector(spec.selector));
  to.field(0, "Parallelism", spec?.parallelism ?? "<unset>");
  to.field(0, "Completions", spec?.completions ?? "<unset>");
  if (spec?.activeDeadlineSeconds !== undefined) to.field(0, "Active Deadline Seconds", `${spec.activeDeadlineSeconds}s`);
  describePodTemplate(spec?.template, to);
}
