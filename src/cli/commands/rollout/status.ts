// Behaviour: k8s.io/kubectl/pkg/cmd/rollout/rollout_status.go.
import { isExpired } from "../../../api/errors.ts";
import { defineCommand } from "../../command.ts";
import { CommandError } from "../../errors.ts";
import { boolFlag, durationFlag, intFlag } from "../../flags.ts";
import type { IO } from "../../io.ts";
import type { ApiClient } from "../../../client/client.ts";
import type { ResourceInfo } from "../../resource-query.ts";
import { unstructuredRef } from "../../rest-mapper.ts";
import { type RolloutWords, findRollouts, groupKindOf, requireResource, rolloutFlags } from "../../rollout/rollout-query.ts";
import { type StatusReader, statusReader } from "../../rollout/status.ts";

interface StatusOptions extends RolloutWords {
  readonly watch: boolean;
  readonly revision: number;
  readonly timeoutMs: number;
}

export default defineCommand({
  use: "status (TYPE NAME | TYPE/NAME) [flags]",
  summary: "Show the status of the rollout",
  description: "The newest rollout is watched until it is done, unless --watch=false is given. With --revision it ends when another revision has begun.",
  examples: `
    # Until it is done
    kubectl rollout status deployment/web

    # Once
    kubectl rollout status deployment/web --watch=false`,
  flags: {
    ...rolloutFlags,
    revision: intFlag("Only this revision; 0 means the newest."),
    timeout: durationFlag("How long to watch before giving up; zero means forever."),
    watch: boolFlag("Watch until the rollout is done.", { shorthand: "w", default: true }),
  },
  toOptions: (factory, args, { values }): StatusOptions => ({ factory, args, values, watch: values.watch, revision: values.revision, timeoutMs: values.timeout }),
  validate(options) {
    requireResource(options);
    if (options.revision < 0) throw new CommandError(`revision must be a positive integer: ${options.revision}`);
  },
  async run(options, io) {
    const result = await findRollouts(options);
    let found = false;
    const client = await options.factory.client();
    await result.visit(async (info) => {
      found = true;
      const read = statusReader(info.mapping.group, info.mapping.kind);
      if (read === undefined) throw new CommandError(`no status viewer has been implemented for ${groupKindOf(info)}`);
      await follow(client, info, read, options, io);
    });
    if (!found) io.err(`No resources found in ${(await options.factory.namespace()).name} namespace.\n`);
  },
});

/** Prints each state until the rollout is done. */
async function follow(client: ApiClient, { mapping, namespace, name }: ResourceInfo, read: StatusReader, { watch, revision, timeoutMs }: StatusOptions, io: IO): Promise<void> {
  const resource = client.resource(unstructuredRef(mapping), namespace);
  const fieldSelector = `metadata.name=${name}`;
  const giveUp = new AbortController();
  const cancel = timeoutMs > 0 ? io.clock.setTimer(timeoutMs, () => giveUp.abort()) : () => {};
  const signal = AbortSignal.any([giveUp.signal, io.signal]);
  try {
    while (!signal.aborted) {
      const { items, metadata } = await resource.list({ fieldSelector });
      const [object] = items;
      if (object !== undefined) {
        const { message, done } = read(object, revision);
        io.out(message);
        if (done || !watch) return;
      }
      try {
        for await (const { type, object: changed } of resource.watch({ fieldSelector, resourceVersion: metadata.resourceVersion }, signal)) {
          if (type === "BOOKMARK") continue;
          if (type === "DELETED") throw new CommandError("object has been deleted");
          const { message, done } = read(changed, revision);
          io.out(message);
          if (done || !watch) return;
        }
      } catch (error) {
        if (!isExpired(error)) throw error;
      }
    }
  } finally {
    cancel();
  }
  if (giveUp.signal.aborted) throw new CommandError("timed out waiting for the condition");
}
