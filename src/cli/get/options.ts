// What `get` was asked for, and what it asks the server for: the same for a list and for a watch.
import type { Factory, NamespaceChoice } from "../factory.ts";
import type { FilenameOptions } from "../manifest-sources.ts";
import type { ResourceQuery } from "../resource-query.ts";
import { type GetPrintOptions, isHumanReadable } from "./printers.ts";

/** What `get` was asked for. */
export interface GetOptions {
  readonly factory: Factory;
  readonly args: readonly string[];
  readonly files: FilenameOptions;
  readonly print: GetPrintOptions;
  readonly namespace: NamespaceChoice;
  readonly allNamespaces: boolean;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly chunkSize: number;
  readonly subresource: string;
  readonly ignoreNotFound: boolean;
  readonly raw: string;
  readonly sortBy: string;
  readonly watch: boolean;
  readonly watchOnly: boolean;
  readonly outputWatchEvents: boolean;
  readonly serverPrint: boolean;
}

const TABLE_FORMATS = ["application/json;as=Table;v=v1;g=meta.k8s.io", "application/json;as=Table;v=v1beta1;g=meta.k8s.io", "application/json"].join(",");

/** What both a list and a watch ask for. */
export function getQuery(options: GetOptions): ResourceQuery {
  const tables = options.serverPrint && isHumanReadable(options.print);
  return {
    args: options.args,
    allowEmptySelector: true,
    files: options.files,
    namespace: options.namespace,
    allNamespaces: options.allNamespaces,
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    latest: true,
    ...(tables && { accept: TABLE_FORMATS, ...(options.sortBy !== "" && { parameters: { includeObject: "Object" } }) }),
  };
}
