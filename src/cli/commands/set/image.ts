// Behaviour: k8s.io/kubectl/pkg/cmd/set/set_image.go.
import { defineCommand } from "../../command.ts";
import { CommandError, ErrorList } from "../../errors.ts";
import { selectorFlag } from "../../flag-groups.ts";
import { readPairs, splitPairs } from "../../pairs.ts";
import { podSpecOf } from "../../set/pod-spec.ts";
import { changeObjects, prepareChange, setFlags } from "../../set/typed-change.ts";

export default defineCommand({
  use: "image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
  summary: "Update the image of a pod template",
  description: "Pods, deployments, daemon sets, stateful sets, replica sets, jobs and cron jobs have containers; '*' means all of them.",
  examples: `
    # One container of a deployment
    kubectl set image deployment/web web=hello-kubernetes:2.0

    # All containers of all deployments
    kubectl set image deployments --all '*=hello-kubernetes:2.0'`,
  flags: { ...setFlags, ...selectorFlag },
  async toOptions(factory, args, { values }) {
    const { resources, pairs } = splitPairs(args, "image");
    const { added: images } = readPairs(pairs, "image", false);
    const change = await prepareChange(factory, resources, values, "image updated");
    return { change, images, resources, values };
  },
  validate({ change, images, resources, values }) {
    const problems: string[] = [];
    if (values.all && values.selector !== "") problems.push("cannot set --all and --selector at the same time");
    if (resources.length === 0 && values.filename.length === 0 && values.kustomize === "") {
      problems.push("one or more resources must be specified as <resource> <name> or <resource>/<name>");
    }
    if (images.size === 0) problems.push("at least one image update is required");
    else if (images.size > 1 && images.has("*")) problems.push("all containers are already specified by *, but saw more than one container_name=container_image pairs");
    if (change.local && change.dryRun === "server") problems.push("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
    if (problems.length > 0) throw new ErrorList(problems.map((problem) => new CommandError(problem)));
  },
  async run({ change, images }) {
    const errors: unknown[] = [];
    await changeObjects(change, {
      failure: "failed to patch image update to pod template: ",
      errors,
      mutate(object) {
        const { containers, initContainers = [] } = podSpecOf(object);
        for (const [name, image] of images) {
          const found = [...initContainers, ...containers].filter((container) => name === "*" || container.name === name);
          for (const container of found) container.image = image;
          if (found.length === 0) errors.push(new CommandError(`error: unable to find container named ${JSON.stringify(name)}`));
        }
        return true;
      },
    });
  },
});
