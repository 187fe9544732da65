// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_secret_docker.go.
import { secrets } from "../../../../api/resource-refs.ts";
import { defineCreate } from "../../../create/create-command.ts";
import { type KeyContent, fileSource } from "../../../create/key-sources.ts";
import { secretData, secretOf } from "../../../create/secret-data.ts";
import { CommandError } from "../../../errors.ts";
import { boolFlag, stringFlag, stringSliceFlag } from "../../../flags.ts";
import { formatOrderedJson } from "../../../printers/json.ts";

const KEY = ".dockerconfigjson";

export default defineCreate({
  use: "docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]",
  summary: "Create a secret for use with a Docker registry",
  description: "Name it in a pod's imagePullSecrets, or in those of its service account.",
  examples: `
    # For a registry
    kubectl create secret docker-registry pull --docker-server=registry.example.com --docker-username=me --docker-password=xyzzy

    # From what docker login wrote
    kubectl create secret docker-registry pull --from-file=path/to/.docker/config.json`,
  flags: {
    "append-hash": boolFlag("Make a hash of the content part of the name."),
    "docker-email": stringFlag("Email for the registry."),
    "docker-password": stringFlag("Password for the registry."),
    "docker-server": stringFlag("Address of the registry.", { default: "https://index.docker.io/v1/" }),
    "docker-username": stringFlag("User name for the registry."),
    "from-file": stringSliceFlag("Docker's configuration file, its key .dockerconfigjson unless one is given: key=path."),
  },
  resource: secrets,
  failure: "failed to create secret ",
  validate({ name, values }) {
    if (name === "") throw new CommandError("name must be specified");
    const complete = values["docker-username"] !== "" && values["docker-password"] !== "" && values["docker-server"] !== "";
    if (values["from-file"].length === 0 && !complete) {
      throw new CommandError("either --from-file or the combination of --docker-username, --docker-password and --docker-server is required");
    }
  },
  build({ name, namespace, values }) {
    const files = values["from-file"].flatMap((source) => fileSource(source.includes("=") ? source : `${KEY}=${source}`));
    const contents: readonly KeyContent[] = files.length > 0 ? files : [{ key: KEY, content: Buffer.from(configOf(values)) }];
    return secretOf(name, namespace, "kubernetes.io/dockerconfigjson", secretData(contents), values["append-hash"]);
  },
});

function configOf(values: Readonly<Record<`docker-${"email" | "password" | "server" | "username"}`, string>>): string {
  const { "docker-username": username, "docker-password": password, "docker-email": email } = values;
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return formatOrderedJson({ auths: { [values["docker-server"]]: { username, password, ...(email !== "" && { email }), auth } } }, "");
}
