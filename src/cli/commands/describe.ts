// Behaviour: k8s.io/kubectl/pkg/cmd/describe/describe.go.
import { isNotFound } from "../../api/errors.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { defineCommand } from "../command.ts";
import { type DescribeSettings, describeObject } from "../describe/describe-object.ts";
import { CommandError, ErrorList, messageOf } from "../errors.ts";
import type { Factory, NamespaceChoice } from "../factory.ts";
import { allNamespacesFlag, chunkSizeFlag, filenameFlags, filenameOptions, selectorFlag } from "../flag-groups.ts";
import { boolFlag } from "../flags.ts";
import type { IO } from "../io.ts";
import type { FilenameOptions } from "../manifest-sources.ts";
import { type ResourceInfo, findResources } from "../resource-query.ts";

interface DescribeOptions {
  readonly factory: Factory;
  readonly args: readonly string[];
  readonly files: FilenameOptions;
  readonly namespace: NamespaceChoice;
  readonly allNamespaces: boolean;
  readonly selector: string;
  readonly showEvents: boolean;
  readonly chunkSize: number;
}

const flags = {
  ...allNamespacesFlag,
  ...chunkSizeFlag,
  ...filenameFlags("File, folder or address that names the objects to describe."),
  ...selectorFlag,
  "show-events": boolFlag("Show the events of the object.", { default: true }),
};

export default defineCommand({
  use: "describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
  summary: "Show details of a specific resource or group of resources",
  description: "Shows an object together with what belongs to it: its pods, endpoints, events. A name that no object has is taken as the beginning of names.",
  examples: `
    # A node
    kubectl describe node skiff-1

    # All pods with a label
    kubectl describe pods -l app=web

    # All pods whose names begin with "web"
    kubectl describe pods web`,
  flags,
  async toOptions(factory, args, { values }): Promise<DescribeOptions> {
    if (args.length === 0 && values.filename.length === 0 && values.kustomize === "") {
      throw new CommandError('You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n');
    }
    const namespace = await factory.namespace();
    return {
      factory,
      args,
      files: filenameOptions(values),
      namespace: values["all-namespaces"] ? { ...namespace, explicit: false } : namespace,
      allNamespaces: values["all-namespaces"],
      selector: values.selector,
      showEvents: values["show-events"],
      chunkSize: values["chunk-size"],
    };
  },
  run: describe,
});

async function describe(options: DescribeOptions, io: IO): Promise<void> {
  const { factory, args, namespace, allNamespaces } = options;
  const result = await findResources(factory, {
    args,
    allowEmptySelector: true,
    files: options.files,
    namespace,
    allNamespaces,
    labelSelector: options.selector,
    chunkSize: options.chunkSize,
    flatten: true,
    continueOnError: true,
  });
  const infos: ResourceInfo[] = [];
  const errors: unknown[] = [];
  try {
    await result.visit((info) => void infos.push(info));
  } catch (error) {
    if (isNotFound(error) && args.length === 2) return describeMatching(options, error, io);
    errors.push(error);
  }
  const settings = { showEvents: options.showEvents, chunkSize: options.chunkSize };
  let first = true;
  for (const info of infos) {
    try {
      io.out(`${first ? "" : "\n\n"}${await descriptionOf(factory, info, settings, io)}`);
      first = false;
    } catch (error) {
      if (!errors.some((known) => messageOf(known) === messageOf(error))) errors.push(error);
    }
  }
  if (infos.length === 0 && errors.length === 0) io.err(allNamespaces ? "No resources found\n" : `No resources found in ${namespace.name} namespace.\n`);
  if (errors.length > 0) throw new ErrorList(errors);
}

/** Describes the objects whose names begin as the one that was not found. */
async function describeMatching(options: DescribeOptions, notFound: unknown, io: IO): Promise<void> {
  const { factory, namespace, chunkSize } = options;
  const [type = "", prefix = ""] = options.args;
  const result = await findResources(factory, { args: [type], allowEmptySelector: true, namespace, singleType: true, chunkSize, flatten: true });
  const matching = (await result.infos()).filter(({ name }) => name.startsWith(prefix));
  if (matching.length === 0) throw notFound;
  const settings = { showEvents: options.showEvents, chunkSize };
  for (const info of matching) io.out(`${await descriptionOf(factory, info, settings, io)}\n`);
}

/** An object of the server is described as it was read; one from a manifest is read first. */
async function descriptionOf(factory: Factory, info: ResourceInfo, settings: DescribeSettings, io: IO): Promise<string> {
  const client = await factory.client();
  const { mapping, namespace, name } = info;
  const object = info.source === "" && info.object !== undefined ? (info.object as KubernetesObject) : await client.resource(mapping, namespace).get(name);
  return describeObject(client, io.clock, mapping.group, object, settings);
}
