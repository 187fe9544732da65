// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_deployment.go.
import { deployments } from "../../../api/resource-refs.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { CommandError } from "../../errors.ts";
import { intFlag, stringSliceFlag } from "../../flags.ts";
import type { IO } from "../../io.ts";

export default defineCreate({
  use: "deployment NAME --image=image -- [COMMAND] [args...]",
  aliases: ["deploy"],
  summary: "Create a deployment with the specified name",
  examples: `
    # A deployment
    kubectl create deployment web --image=hello-kubernetes:1.0

    # With a command
    kubectl create deployment job --image=busybox:1.36 -- date

    # Three replicas with a port
    kubectl create deployment web --image=hello-kubernetes:1.0 --replicas=3 --port=8080`,
  flags: {
    image: stringSliceFlag("Images to run, one container each."),
    port: intFlag("Port that the container listens on.", { default: -1, bits: 32 }),
    replicas: intFlag("How many replicas.", { shorthand: "r", default: 1, bits: 32 }),
  },
  required: ["image"],
  resource: deployments,
  failure: "failed to create deployment: ",
  validate({ values, rest }) {
    if (values.image.length > 1 && rest.length > 0) throw new CommandError("cannot specify multiple --image options and command");
  },
  build({ factory, name, namespace, rest, values }) {
    const labels = { app: name };
    const containers = values.image.map((image, index) => ({
      name: containerName(image, factory.io),
      image,
      ...(rest.length > 0 && { command: rest }),
      ...(index === 0 && values.port >= 0 && { ports: [{ containerPort: values.port }] }),
    }));
    return {
      metadata: { ...metadataOf(name, namespace), labels },
      spec: { replicas: values.replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    };
  },
});

/** The last part of an image's name without tag; made a valid name where it is none. */
function containerName(image: string, io: IO): string {
  const name = (image.split("/").at(-1) ?? "").replace(/[:@].*$/, "");
  return /[_.]/.test(name) ? `${name.replaceAll(/[_.]/g, "-")}-${io.ids.suffix(5)}` : name;
}
