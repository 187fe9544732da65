// Behaviour: k8s.io/kubectl/pkg/cmd/apiresources/apiresources.go.
import { formatApiVersion } from "../../api/object.ts";
import { defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { boolFlag, stringFlag, stringSliceFlag } from "../flags.ts";
import type { IO } from "../io.ts";
import { noPrinter } from "../print-flags.ts";
import { compactJson } from "../printers/json.ts";
import { layOut, tableSettings } from "../printers/tab-writer.ts";
import { formatYaml } from "../printers/yaml.ts";
import type { ResourceMapping } from "../rest-mapper.ts";

const FORMATS = ["json", "yaml", "kyaml", "name", "wide"];

interface ApiResourcesOptions {
  readonly factory: Factory;
  readonly output: string;
  readonly noHeaders: boolean;
  readonly cached: boolean;
  readonly sortBy: string;
  keeps(resource: ResourceMapping): boolean;
}

const flags = {
  "api-group": stringFlag("Only resources of this API group."),
  cached: boolFlag("Use the cached list of resources if there is one."),
  categories: stringSliceFlag("Only resources of these categories."),
  namespaced: boolFlag("false shows the resources that are in no namespace, true those that are in one.", { default: true }),
  "no-headers": boolFlag("Leave the header line out."),
  output: stringFlag(`Output format. One of: (${FORMATS.join(", ")}).`, { shorthand: "o" }),
  "show-managed-fields": boolFlag("Keep the managed fields in JSON and YAML."),
  "sort-by": stringFlag("Sort by name or kind."),
  verbs: stringSliceFlag("Only resources that have these verbs."),
};

export default defineCommand({
  use: "api-resources [flags]",
  summary: "Print the supported API resources on the server",
  examples: `
    # All resources
    kubectl api-resources

    # With their verbs
    kubectl api-resources -o wide

    # Those that are in no namespace
    kubectl api-resources --namespaced=false

    # Those of one group
    kubectl api-resources --api-group=apps`,
  flags,
  toOptions(factory, args, { values, changed }): ApiResourcesOptions {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(" ")}]`);
    if (values.output !== "" && !FORMATS.includes(values.output)) throw noPrinter(values.output, FORMATS);
    const hasAll = (has: readonly string[], wanted: readonly string[]) => wanted.every((one) => has.includes(one));
    return {
      factory,
      output: values.output,
      noHeaders: values["no-headers"],
      cached: values.cached,
      sortBy: values["sort-by"],
      keeps: (resource) =>
        (!changed("api-group") || resource.group === values["api-group"]) &&
        (!changed("namespaced") || resource.namespaced === values.namespaced) &&
        hasAll(resource.verbs, values.verbs) &&
        hasAll(resource.categories, values.categories),
    };
  },
  validate({ sortBy }) {
    if (!["", "name", "kind"].includes(sortBy)) throw new CommandError("--sort-by accepts only name or kind");
  },
  run: printResources,
});

async function printResources(options: ApiResourcesOptions, io: IO): Promise<void> {
  const discovery = await options.factory.discovery();
  if (!options.cached) discovery.invalidate();
  const preferred = (await discovery.groups(io.signal)).flatMap(({ versions }) => preferredResources(versions.map(({ resources }) => resources)));
  const shown = preferred.filter((resource) => resource.verbs.length > 0 && options.keeps(resource));
  const key = { name: (one: ResourceMapping) => one.resource, kind: (one: ResourceMapping) => one.kind, "": (one: ResourceMapping) => one.group }[options.sortBy];
  const sorted = shown.sort((a, b) => compare(key?.(a) ?? "", key?.(b) ?? "") || compare(a.resource, b.resource));
  io.out(textOf(sorted, options));
}

/** Every resource of a group once, in the first version that has it. */
function preferredResources(versions: readonly (readonly ResourceMapping[])[]): ResourceMapping[] {
  const seen = new Map<string, ResourceMapping>();
  for (const resource of versions.flat()) if (!seen.has(resource.resource)) seen.set(resource.resource, resource);
  return [...seen.values()];
}

function textOf(resources: readonly ResourceMapping[], { output, noHeaders }: ApiResourcesOptions): string {
  switch (output) {
    case "name":
      return resources.map(({ resource, group }) => `${group === "" ? resource : `${resource}.${group}`}\n`).join("");
    case "json":
      return `${JSON.stringify(apiResourceList(resources), undefined, 4)}\n`;
    case "yaml":
      return formatYaml(apiResourceList(resources));
    case "kyaml":
      return `---\n${compactJson(apiResourceList(resources))}\n`;
    default:
      return tableOf(resources, output === "wide", noHeaders);
  }
}

function tableOf(resources: readonly ResourceMapping[], wide: boolean, noHeaders: boolean): string {
  const headers = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", ...(wide ? ["VERBS", "CATEGORIES"] : [])];
  const rows = resources.map((one) => [
    one.resource,
    one.shortNames.join(","),
    formatApiVersion(one),
    String(one.namespaced),
    one.kind,
    ...(wide ? [one.verbs.join(","), one.categories.join(",")] : []),
  ]);
  return layOut([...(noHeaders ? [] : [headers]), ...rows].map((cells) => `${cells.join("\t")}\n`).join(""), tableSettings);
}

function apiResourceList(resources: readonly ResourceMapping[]): unknown {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: "",
    resources: resources.map((one) => ({
      name: one.resource,
      singularName: one.singular,
      namespaced: one.namespaced,
      ...(one.group !== "" && { group: one.group }),
      version: one.version,
      kind: one.kind,
      verbs: one.verbs,
      ...(one.shortNames.length > 0 && { shortNames: one.shortNames }),
      ...(one.categories.length > 0 && { categories: one.categories }),
    })),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
