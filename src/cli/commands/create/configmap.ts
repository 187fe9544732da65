// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_configmap.go.
import { isUtf8 } from "node:buffer";
import { isConfigMapKey } from "../../../api/name-validation.ts";
import { configMaps } from "../../../api/resource-refs.ts";
import { hashedName } from "../../create/content-hash.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { type KeyContent, envFileSource, fileSource, literalSource } from "../../create/key-sources.ts";
import { CommandError } from "../../errors.ts";
import { boolFlag, stringArrayFlag, stringSliceFlag } from "../../flags.ts";

export default defineCreate({
  use: "configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
  aliases: ["cm"],
  summary: "Create a config map from a local file, directory or literal value",
  description: "A file's key is its name, a folder's files become a key each.",
  examples: `
    # From files
    kubectl create configmap settings --from-file=conf/

    # From values
    kubectl create configmap settings --from-literal=colour=blue --from-literal=size=3

    # From lines of key=value
    kubectl create configmap settings --from-env-file=.env`,
  flags: {
    "append-hash": boolFlag("Make a hash of the content part of the name."),
    "from-env-file": stringSliceFlag("File with lines of key=value."),
    "from-file": stringSliceFlag("File or folder, with a key before it when its name shall not be the key: key=path."),
    "from-literal": stringArrayFlag("Key and value: key=value."),
  },
  resource: configMaps,
  failure: "failed to create configmap: ",
  validate({ name, values }) {
    if (name === "") throw new CommandError("name must be specified");
    if (values["from-env-file"].length > 0 && (values["from-file"].length > 0 || values["from-literal"].length > 0)) {
      throw new CommandError("from-env-file cannot be combined with from-file or from-literal");
    }
  },
  build({ factory, name, namespace, values }) {
    const data: Record<string, string> = {};
    const binaryData: Record<string, string> = {};
    const add = ({ key, content }: KeyContent) => {
      checkKey(name, key, data, binaryData);
      if (isUtf8(content)) data[key] = content.toString("utf8");
      else binaryData[key] = content.toString("base64");
    };
    for (const source of values["from-file"]) fileSource(source).forEach(add);
    for (const source of values["from-literal"]) add(literalSource(source));
    for (const path of values["from-env-file"]) envFileSource(path, "config", factory.io).forEach(add);
    const binary = Object.keys(binaryData).length > 0 && { binaryData };
    const finalName = values["append-hash"] ? hashedName(name, { kind: "ConfigMap", name, data, ...binary }) : name;
    return { metadata: metadataOf(finalName, namespace), ...(Object.keys(data).length > 0 && { data }), ...binary };
  },
});

function checkKey(name: string, key: string, data: object, binaryData: object): void {
  const problems = isConfigMapKey(key);
  if (problems.length > 0) throw new CommandError(`${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${problems.join(",")}`);
  for (const [field, keys] of [["Data", data], ["BinaryData", binaryData]] as const) {
    if (Object.hasOwn(keys, key)) {
      throw new CommandError(`cannot add key ${JSON.stringify(key)}, another key by that name already exists in ${field} for ConfigMap ${JSON.stringify(name)}`);
    }
  }
}
