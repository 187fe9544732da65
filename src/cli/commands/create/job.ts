// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_job.go.
import type { CronJob, Job } from "../../../api/generated/types/batch/v1.ts";
import type { ResourceRef } from "../../../api/resource-refs.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { jobTemplate } from "../../create/job-template.ts";
import { CommandError } from "../../errors.ts";
import type { Factory } from "../../factory.ts";
import { stringFlag } from "../../flags.ts";
import { goTypeOf } from "../../pod-lookup.ts";
import { findResources } from "../../resource-query.ts";

const jobs: ResourceRef<Job> = { group: "batch", version: "v1", resource: "jobs", kind: "Job", namespaced: true };

export default defineCreate({
  use: "job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
  summary: "Create a job with the specified name",
  examples: `
    # A job
    kubectl create job hello --image=busybox:1.36 -- date

    # A run of a cron job at once
    kubectl create job now --from=cronjob/backup`,
  flags: { from: stringFlag("Cron job to make the job of: cronjob/NAME."), image: stringFlag("Image to run.") },
  resource: jobs,
  failure: "failed to create job: ",
  validate({ values, rest }) {
    if ((values.image === "") === (values.from === "")) throw new CommandError("either --image or --from must be specified");
    if (values.from !== "" && rest.length > 0) throw new CommandError("cannot specify --from and command");
  },
  async build({ factory, name, namespace, rest, values }) {
    if (values.from !== "") return fromCronJob(await findCronJob(factory, values.from), name, namespace);
    return { metadata: metadataOf(name, namespace), spec: { template: jobTemplate(name, values.image, rest, "Never") } };
  },
});

async function findCronJob(factory: Factory, word: string): Promise<CronJob> {
  const result = await findResources(factory, { args: [word], namespace: await factory.namespace(), flatten: true, latest: true });
  const infos = await result.infos();
  const object = infos[0]?.object;
  if (infos.length !== 1 || object === undefined) throw new CommandError("from must be an existing cronjob");
  if (object.kind !== "CronJob") throw new CommandError(`unknown object type ${goTypeOf(object)}`);
  return object as unknown as CronJob;
}

function fromCronJob(cronJob: CronJob, name: string, namespace: string): object {
  const { metadata = {}, spec } = cronJob.spec.jobTemplate;
  return {
    metadata: {
      ...metadataOf(name, namespace),
      ...(metadata.labels !== undefined && { labels: metadata.labels }),
      annotations: { "cronjob.kubernetes.io/instantiate": "manual", ...metadata.annotations },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: cronJob.metadata.name, uid: cronJob.metadata.uid, controller: true }],
    },
    spec,
  };
}
