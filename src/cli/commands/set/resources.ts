// Behaviour: k8s.io/kubectl/pkg/cmd/set/set_resources.go.
import { defineCommand } from "../../command.ts";
import { CommandError } from "../../errors.ts";
import { selectorFlag } from "../../flag-groups.ts";
import { stringFlag } from "../../flags.ts";
import { podSpecOf, selectContainers } from "../../set/pod-spec.ts";
import { readResourceList } from "../../set/resource-list.ts";
import { changeObjects, checkLocal, prepareChange, setFlags } from "../../set/typed-change.ts";

export default defineCommand({
  use: "resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
  summary: "Update resource requests/limits on objects with pod templates",
  examples: `
    # One container of a deployment
    kubectl set resources deployment/web -c web --limits=cpu=200m,memory=512Mi

    # Limits and requests of all its containers
    kubectl set resources deployment/web --limits=cpu=200m --requests=cpu=100m`,
  flags: {
    ...setFlags,
    ...selectorFlag,
    containers: stringFlag("Names of the containers, '*' for any letters; all if omitted.", { shorthand: "c", default: "*" }),
    limits: stringFlag("The most that a container may use: 'cpu=100m,memory=256Mi'."),
    requests: stringFlag("What a container needs: 'cpu=100m,memory=256Mi'."),
  },
  async toOptions(factory, args, { values }) {
    return { change: await prepareChange(factory, args, values, "resource requirements updated"), values };
  },
  validate({ change, values }) {
    checkLocal(change);
    if (values.all && values.selector !== "") throw new CommandError("cannot set --all and --selector at the same time");
    if (values.limits === "" && values.requests === "") {
      throw new CommandError("you must specify an update to requests or limits (in the form of --requests/--limits)");
    }
  },
  async run({ change, values }) {
    const limits = readResourceList(values.limits);
    const requests = readResourceList(values.requests);
    const errors: unknown[] = [];
    await changeObjects(change, {
      failure: "failed to patch resources update to pod template ",
      errors,
      mutate(object) {
        const containers = selectContainers(podSpecOf(object), values.containers);
        for (const container of containers) {
          container.resources = {
            ...container.resources,
            ...(limits !== undefined && { limits: { ...container.resources?.limits, ...limits } }),
            ...(requests !== undefined && { requests: { ...container.resources?.requests, ...requests } }),
          };
        }
        if (containers.length === 0) errors.push(new CommandError(`error: unable to find container named ${values.containers}`));
        return containers.length > 0;
      },
    });
  },
});
