// Behaviour: k8s.io/cli-runtime/pkg/printers: -o name, json, yaml and templates, behind one contract.
import type { UnstructuredObject } from "../../api/object.ts";
import { parseApiVersion } from "../../api/object.ts";
import { compactJson, formatJson } from "./json.ts";
import { type Printable, isEvent } from "./table.ts";
import { formatYaml } from "./yaml.ts";

/** Turns objects into text, one after the other; may remember what it printed (headers, "---"). */
export interface ObjectPrinter {
  print(object: Printable): string;
}

/** -o json; watch events stand on a line each. */
export function jsonPrinter(showManagedFields: boolean): ObjectPrinter {
  return {
    print(object) {
      if (isEvent(object)) return `{"type":${JSON.stringify(object.type)},"object":${compactJson(object.object)}}\n`;
      return `${formatJson(withoutManagedFields(object, showManagedFields))}\n`;
    },
  };
}

/** -o yaml: documents after the first begin with "---". */
export function yamlPrinter(showManagedFields: boolean): ObjectPrinter {
  let count = 0;
  return {
    print(object) {
      count += 1;
      return `${count > 1 ? "---\n" : ""}${formatYaml(withoutManagedFields(object, showManagedFields))}`;
    },
  };
}

/** -o name: "pod/web", or with an operation "pod/web created". */
export function namePrinter(operation = ""): ObjectPrinter {
  const print = (printable: Printable): string => {
    const object = isEvent(printable) ? printable.object : printable;
    if (Array.isArray(object.items) && object.kind.endsWith("List")) return (object.items as UnstructuredObject[]).map(print).join("");
    return `${nameOf(object)}${operation === "" ? "" : ` ${operation}`}\n`;
  };
  return { print };
}

/** "deployment.apps/web": how messages name an object. */
export function nameOf(object: UnstructuredObject): string {
  const group = parseApiVersion(object.apiVersion)?.group ?? "";
  const kind = object.kind.toLowerCase();
  return `${group === "" ? kind : `${kind}.${group}`}/${object.metadata?.name || "<unknown>"}`;
}

/** The object, each of its items too, without metadata.managedFields. */
export function withoutManagedFields(printable: Printable, keep: boolean): unknown {
  if (keep) return printable;
  if (isEvent(printable)) return printable;
  if (Array.isArray(printable.items)) return { ...printable, items: (printable.items as UnstructuredObject[]).map((item) => withoutManagedFields(item, false)) };
  if (printable.metadata?.managedFields === undefined) return printable;
  const { managedFields: _, ...metadata } = printable.metadata;
  return { ...printable, metadata };
}
