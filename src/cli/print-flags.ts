// Behaviour: k8s.io/cli-runtime/pkg/genericclioptions/print_flags.go: the flags of commands that print objects, and their printers.
import { CommandError } from "./errors.ts";
import { type FlagValues, boolFlag, stringFlag } from "./flags.ts";
import { type ObjectPrinter, jsonPrinter, namePrinter, yamlPrinter } from "./printers/printer.ts";

const TEMPLATE_FORMATS = ["go-template", "go-template-file", "template", "templatefile"];
const JSONPATH_FORMATS = ["jsonpath", "jsonpath-as-json", "jsonpath-file"];
const OBJECT_FORMATS = ["json", "yaml", "kyaml"];

/** The formats of commands that print the object they changed. */
export const changeFormats: readonly string[] = [...OBJECT_FORMATS, "name", ...TEMPLATE_FORMATS, ...JSONPATH_FORMATS];

/** The flags of every command that prints objects. */
export const printFlags = {
  "allow-missing-template-keys": boolFlag("Ignore fields that a template names and the object has not.", { default: true }),
  output: stringFlag(`Output format. One of: (${changeFormats.join(", ")}).`, { shorthand: "o" }),
  "show-managed-fields": boolFlag("Keep the managed fields in JSON and YAML."),
  template: stringFlag("Template text, or path of a template file, for -o go-template and -o go-template-file."),
};

/** The values of the print flags. */
export type PrintOptions = FlagValues<typeof printFlags>;

/** The printer of a command that changed an object; without -o it says "kind/name operation". Throws CommandError for an unknown format. */
export async function changePrinter(options: PrintOptions, operation: string, dryRun: "none" | "client" | "server" = "none"): Promise<ObjectPrinter> {
  const suffix = { none: "", client: " (dry run)", server: " (server dry run)" }[dryRun];
  const format = options.output === "" && options.template !== "" ? "go-template" : options.output;
  if (format === "") return namePrinter(`${operation}${suffix}`);
  const printer = await objectPrinter(options);
  if (printer === undefined) throw noPrinter(format, changeFormats);
  return printer;
}

/** The printer of json, yaml, name or a template; undefined for other formats. */
export async function objectPrinter(options: PrintOptions): Promise<ObjectPrinter | undefined> {
  const format = options.output === "" && options.template !== "" ? "go-template" : options.output;
  const template = await templatePrinter(format, options);
  if (template !== undefined) return template;
  switch (format) {
    case "json":
      return jsonPrinter(options["show-managed-fields"]);
    case "yaml":
      return yamlPrinter(options["show-managed-fields"]);
    case "kyaml":
      return (await import("./printers/kyaml.ts")).kyamlPrinter(options["show-managed-fields"]);
    case "name":
      return namePrinter();
    default:
      return undefined;
  }
}

/** Why a format cannot be had. */
export function noPrinter(format: string, formats: readonly string[]): CommandError {
  return new CommandError(`unable to match a printer suitable for the output format ${JSON.stringify(format)}, allowed formats are: ${[...formats].sort().join(",")}`);
}

async function templatePrinter(output: string, options: PrintOptions): Promise<ObjectPrinter | undefined> {
  const equals = output.indexOf("=");
  const format = options.template === "" && equals !== -1 ? output.slice(0, equals) : output;
  if (!TEMPLATE_FORMATS.includes(format) && !JSONPATH_FORMATS.includes(format)) return undefined;
  const given = options.template === "" ? output.slice(equals === -1 ? output.length : equals + 1) : options.template;
  if (given === "") throw new CommandError("template format specified but no template given");
  const { goTemplatePrinter, jsonPathPrinter, readTemplate } = await import("./printers/template-printers.ts");
  const isFile = format.endsWith("file");
  const template = isFile ? readTemplate(given) : given;
  const allowMissing = options["allow-missing-template-keys"];
  return JSONPATH_FORMATS.includes(format) ? jsonPathPrinter(template, allowMissing, format === "jsonpath-as-json") : goTemplatePrinter(template, allowMissing);
}
