// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_secret.go (NewCmdCreateSecretGeneric).
import { secrets } from "../../../../api/resource-refs.ts";
import { defineCreate } from "../../../create/create-command.ts";
import { envFileSource, fileSource, literalSource } from "../../../create/key-sources.ts";
import { secretData, secretOf } from "../../../create/secret-data.ts";
import { CommandError } from "../../../errors.ts";
import { boolFlag, stringArrayFlag, stringFlag, stringSliceFlag } from "../../../flags.ts";

export default defineCreate({
  use: "generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
  summary: "Create a secret from a local file, directory, or literal value",
  examples: `
    # From values
    kubectl create secret generic password --from-literal=word=xyzzy

    # From files with keys of one's own
    kubectl create secret generic keys --from-file=id=~/.ssh/id_rsa`,
  flags: {
    "append-hash": boolFlag("Make a hash of the content part of the name."),
    "from-env-file": stringSliceFlag("File with lines of key=value."),
    "from-file": stringSliceFlag("File or folder, with a key before it when its name shall not be the key: key=path."),
    "from-literal": stringArrayFlag("Key and value: key=value."),
    type: stringFlag("The type of the secret."),
  },
  resource: secrets,
  failure: "failed to create secret ",
  validate({ name, values }) {
    if (name === "") throw new CommandError("name must be specified");
    if (values["from-env-file"].length > 0 && (values["from-file"].length > 0 || values["from-literal"].length > 0)) {
      throw new CommandError("from-env-file cannot be combined with from-file or from-literal");
    }
  },
  build({ factory, name, namespace, values }) {
    const contents = [
      ...values["from-literal"].map(literalSource),
      ...values["from-file"].flatMap(fileSource),
      ...values["from-env-file"].flatMap((path) => envFileSource(path, "secret", factory.io)),
    ];
    return secretOf(name, namespace, values.type, secretData(contents), values["append-hash"]);
  },
});
