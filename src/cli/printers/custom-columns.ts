// Behaviour: k8s.io/kubectl/pkg/cmd/get/customcolumn.go: -o custom-columns=HEADER:path,...
import { CommandError } from "../errors.ts";
import { goText } from "./go-values.ts";
import { JsonPath, relaxedPath } from "./jsonpath.ts";
import type { ObjectPrinter } from "./printer.ts";
import { layOut, tableSettings } from "./tab-writer.ts";
import { type Printable, escapeTerminal, isEvent } from "./table.ts";

interface Column {
  readonly header: string;
  readonly path: JsonPath;
}

/** Prints the columns that a specification names. */
export function customColumnsPrinter(specification: string, noHeaders: boolean): ObjectPrinter {
  if (specification === "") throw new CommandError("custom-columns format specified but no custom columns given");
  const columns = specification.split(",").map((part) => {
    const colon = part.indexOf(":");
    if (colon === -1) throw new CommandError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { header: part.slice(0, colon), path: pathOf(part.slice(colon + 1)) };
  });
  return columnsPrinter(columns, noHeaders);
}

/** Prints the columns of a template: a line of headers and a line of paths. */
export function customColumnsFilePrinter(template: string): ObjectPrinter {
  const [headerLine, pathLine] = template.replace(/\n$/, "").split("\n");
  const expected = "Expected format is one line of space separated headers, one line of space separated column specs.";
  if (headerLine === undefined || template === "") throw new CommandError(`invalid template, missing header line. ${expected}`);
  if (pathLine === undefined) throw new CommandError(`invalid template, missing spec line. ${expected}`);
  const headers = headerLine.split(/\s+/).filter((word) => word !== "");
  const paths = pathLine.split(/\s+/).filter((word) => word !== "");
  if (headers.length !== paths.length) throw new CommandError(`number of headers (${headers.length}) and field specifications (${paths.length}) don't match`);
  return columnsPrinter(headers.map((header, index) => ({ header, path: pathOf(paths[index] ?? "") })), false);
}

function pathOf(text: string): JsonPath {
  const path = relaxedPath(text);
  if (path === undefined) {
    throw new CommandError("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'");
  }
  return new JsonPath(path, true);
}

function columnsPrinter(columns: readonly Column[], noHeaders: boolean): ObjectPrinter {
  let headers = !noHeaders;
  return {
    print(printable) {
      const lines = headers ? [columns.map(({ header }) => header).join("\t")] : [];
      headers = false;
      for (const object of objectsOf(printable)) lines.push(columns.map(({ path }) => cellOf(path, object)).join("\t"));
      return layOut(`${lines.join("\n")}\n`, tableSettings);
    },
  };
}

function objectsOf(printable: Printable): unknown[] {
  return isEvent(printable) || !Array.isArray(printable.items) ? [printable] : (printable.items as unknown[]);
}

function cellOf(path: JsonPath, object: unknown): string {
  const found = path.find(object);
  const none = (found[0]?.length ?? 0) === 0 ? ["<none>"] : [];
  return [...none, ...found.flat().map((value) => escapeTerminal(goText(value)))].join(",");
}
