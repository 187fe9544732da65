// Behaviour: pkg/controller/ttlafterfinished: a finished Job goes after the time that it says.
import type { Job } from "../api/generated/types/batch/v1.ts";
import { jobs } from "../api/resource-refs.ts";
import { orGone } from "./not-found.ts";
import type { Controller, ControllerContext } from "./runtime.ts";
import { ownKey, splitKey, watch } from "./runtime.ts";

/** Deletes finished Jobs once their ttlSecondsAfterFinished is over. */
export function createJobCleanupController({ client, clock, informers }: ControllerContext): Controller {
  const all = informers.informer(jobs);
  return {
    name: "ttl-after-finished-controller",
    watches: [watch(jobs, ownKey, ({ type }) => type !== "deleted")],
    async reconcile(key) {
      if (expiryOf(all.get(key)) === undefined) return;
      const { namespace, name } = splitKey(key);
      const resource = client.resource(jobs, namespace);
      // The cache may not show yet that the time was made longer.
      const fresh = await orGone(resource.get(name));
      const expiry = expiryOf(fresh);
      if (expiry === undefined) return;
      const left = expiry - clock.now();
      if (left > 0) return { requeueAfterMs: left };
      await orGone(resource.delete(name, { propagationPolicy: "Foreground", preconditions: { uid: fresh?.metadata.uid } }));
    },
  };
}

/** When the Job is to go, in milliseconds since the epoch; undefined while it is not finished, is going, or is to stay. */
function expiryOf(job: Job | undefined): number | undefined {
  const seconds = job?.spec.ttlSecondsAfterFinished;
  if (job === undefined || seconds === undefined || job.metadata.deletionTimestamp !== undefined) return undefined;
  const finished = job.status.conditions?.find(({ type, status }) => (type === "Complete" || type === "Failed") && status === "True");
  return finished === undefined ? undefined : Date.parse(finished.lastTransitionTime ?? "") + seconds * 1000;
}
