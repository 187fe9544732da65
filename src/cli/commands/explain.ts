// Behaviour: k8s.io/kubectl/pkg/cmd/explain/explain.go and pkg/explain (how a request is split into resource and fields).
import { formatGroupResource, parseApiVersion } from "../../api/object.ts";
import { defineCommand } from "../command.ts";
import { CommandError } from "../errors.ts";
import { explain } from "../explain.ts";
import type { Factory } from "../factory.ts";
import { boolFlag, stringFlag } from "../flags.ts";
import type { IO } from "../io.ts";
import { openApiDocument } from "../openapi.ts";
import { explainOldStyle } from "../explain-old-style.ts";
import type { ResourceMapping } from "../rest-mapper.ts";

const FORMATS = ["plaintext", "plaintext-openapiv2"];

interface ExplainOptions {
  readonly factory: Factory;
  readonly args: readonly string[];
  readonly recursive: boolean;
  readonly apiVersion: string;
  readonly output: string;
}

export default defineCommand({
  use: "explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]",
  summary: "Get documentation for a resource",
  description: "Describes the fields of a type, or one field named by its path. What is shown is the server's own schema.",
  examples: `
    # The fields of pods
    kubectl explain pods

    # All fields of pods, to the innermost
    kubectl explain pods --recursive

    # One field
    kubectl explain pods.spec.containers`,
  flags: {
    "api-version": stringFlag("Explain this version of the resource (group/version)."),
    output: stringFlag(`Format of the explanation (${FORMATS.join(", ")}).`, { shorthand: "o", default: "plaintext" }),
    recursive: boolFlag("Print the fields of fields too.", { shorthand: "R" }),
  },
  toOptions: (factory, args, { values }): ExplainOptions => ({ factory, args, recursive: values.recursive, apiVersion: values["api-version"], output: values.output }),
  validate({ args }) {
    if (args.length === 0) throw new CommandError('You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n');
    if (args.length > 1) throw new CommandError("We accept only this format: explain RESOURCE\n");
  },
  run: explainType,
});

async function explainType({ factory, args, recursive, apiVersion, output }: ExplainOptions, io: IO): Promise<void> {
  const [word = ""] = args;
  const { mapping, fields } = await splitRequest(word, factory, apiVersion !== "");
  if (!FORMATS.includes(output)) throw new CommandError(`unrecognized format: ${output}`);
  const version = apiVersion === "" ? mapping : parseApiVersion(apiVersion);
  if (version === undefined) throw new CommandError(`unexpected GroupVersion string: ${apiVersion}`);
  const { group, version: name } = version;
  const document = await openApiDocument(await factory.transport(), group, name);
  if (document === undefined) throw new CommandError(`couldn't find resource for "${group === "" ? "" : `${group}/`}${name}, Resource=${mapping.resource}"`);
  const request = { document, kind: { group, version: name, kind: mapping.kind }, fields, recursive };
  io.out(output === "plaintext" ? explain(request) : explainOldStyle(request));
}

/** "deployments.apps.spec" as the resource deployments.apps and the field spec. */
async function splitRequest(word: string, factory: Factory, plain: boolean): Promise<{ mapping: ResourceMapping; fields: string[] }> {
  const [resource = "", ...fields] = word.split(".");
  const mapper = await factory.mapper();
  const first = await mapper.resource(resource);
  if (plain) return { mapping: first, fields };
  const same = (await mapper.all()).filter(({ resource: name }) => name === first.resource);
  const exact = same.find((mapping) => mapping.group !== "" && (word === formatGroupResource(mapping) || word.startsWith(`${formatGroupResource(mapping)}.`)));
  if (exact === undefined) return { mapping: first, fields };
  const rest = word.slice(formatGroupResource(exact).length + 1);
  return { mapping: exact, fields: rest === "" ? [] : rest.split(".") };
}
