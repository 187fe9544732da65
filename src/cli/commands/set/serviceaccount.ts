// Behaviour: k8s.io/kubectl/pkg/cmd/set/set_serviceaccount.go.
import { defineCommand } from "../../command.ts";
import { CommandError } from "../../errors.ts";
import { readDryRun } from "../../flag-groups.ts";
import { podSpecOf } from "../../set/pod-spec.ts";
import { changeObjects, checkLocal, prepareChange, setFlags } from "../../set/typed-change.ts";

export default defineCommand({
  use: "serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
  aliases: ["sa"],
  summary: "Update the service account of a resource",
  examples: `
    # The service account of a deployment's pods
    kubectl set serviceaccount deployment web reader`,
  flags: setFlags,
  async toOptions(factory, args, { values }) {
    checkLocal({ local: values.local, dryRun: readDryRun(values["dry-run"], factory.io) });
    const account = args.at(-1);
    if (account === undefined) throw new CommandError("serviceaccount is required");
    return { account, change: await prepareChange(factory, args.slice(0, -1), values, "serviceaccount updated") };
  },
  run: ({ account, change }) =>
    changeObjects(change, {
      failure: "failed to patch ServiceAccountName ",
      sendUnchanged: true,
      mutate(object) {
        podSpecOf(object).serviceAccountName = account;
        return true;
      },
    }),
});
