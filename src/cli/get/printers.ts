// Behaviour: k8s.io/kubectl/pkg/cmd/get/get_flags.go: which printer `get -o` means.
import type { FlagValues } from "../flags.ts";
import type { IO } from "../io.ts";
import { changeFormats, noPrinter, objectPrinter, type printFlags } from "../print-flags.ts";
import type { ObjectPrinter } from "../printers/printer.ts";
import { TablePrinter } from "../printers/table.ts";
import type { ResourceMapping } from "../rest-mapper.ts";

/** The formats of `get`, in the order of help. */
export const getFormats: readonly string[] = [...changeFormats, "custom-columns", "custom-columns-file", "wide"];

/** The flags that say how `get` prints. */
export type GetPrintOptions = FlagValues<typeof printFlags> & {
  readonly "no-headers": boolean;
  readonly "show-kind": boolean;
  readonly "show-labels": boolean;
  readonly "label-columns": readonly string[];
};

/** Whether the output is a table for people. */
export function isHumanReadable(options: GetPrintOptions): boolean {
  return options.output === "wide" || (options.output === "" && options.template === "");
}

/** A printer of tables with the columns that the flags add. */
export function tablePrinter(options: GetPrintOptions, io: IO, mapping: ResourceMapping, withNamespace: boolean, withKind: boolean): TablePrinter {
  const kind = mapping.group === "" ? mapping.kind.toLowerCase() : `${mapping.kind.toLowerCase()}.${mapping.group}`;
  return new TablePrinter(
    {
      noHeaders: options["no-headers"],
      wide: options.output === "wide",
      withNamespace,
      ...((withKind || options["show-kind"]) && { kind }),
      showLabels: options["show-labels"],
      labelColumns: options["label-columns"],
    },
    io.clock,
  );
}

/** The printer of every other format. Throws CommandError for one that is not known. */
export async function otherPrinter(options: GetPrintOptions): Promise<ObjectPrinter> {
  const printer = await objectPrinter(options);
  if (printer !== undefined) return printer;
  const equals = options.output.indexOf("=");
  const format = equals === -1 ? options.output : options.output.slice(0, equals);
  const columns = equals === -1 ? options.template : options.output.slice(equals + 1);
  if (format !== "custom-columns" && format !== "custom-columns-file") throw noPrinter(options.output, getFormats);
  const { customColumnsFilePrinter, customColumnsPrinter } = await import("../printers/custom-columns.ts");
  if (format === "custom-columns") return customColumnsPrinter(columns, options["no-headers"]);
  const { readTemplate } = await import("../printers/template-printers.ts");
  return customColumnsFilePrinter(readTemplate(columns, "template"));
}
