// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_cronjob.go.
import type { CronJob } from "../../../api/generated/types/batch/v1.ts";
import type { ResourceRef } from "../../../api/resource-refs.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { jobTemplate } from "../../create/job-template.ts";
import { stringFlag } from "../../flags.ts";

const cronJobs: ResourceRef<CronJob> = { group: "batch", version: "v1", resource: "cronjobs", kind: "CronJob", namespaced: true };

export default defineCreate({
  use: "cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]",
  aliases: ["cj"],
  summary: "Create a cron job with the specified name",
  examples: `
    # Every minute
    kubectl create cronjob tick --image=busybox:1.36 --schedule="*/1 * * * *" -- date`,
  flags: {
    image: stringFlag("Image to run."),
    restart: stringFlag("The job's restart policy: OnFailure, Never."),
    schedule: stringFlag("When the job runs, in cron's format."),
  },
  required: ["image", "schedule"],
  resource: cronJobs,
  failure: "failed to create cronjob: ",
  build: ({ name, namespace, rest, values }) => ({
    metadata: metadataOf(name, namespace),
    spec: { schedule: values.schedule, jobTemplate: { metadata: { name }, spec: { template: jobTemplate(name, values.image, rest, values.restart || "OnFailure") } } },
  }),
});
