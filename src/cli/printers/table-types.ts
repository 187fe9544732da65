// Behaviour: k8s.io/apimachinery/pkg/apis/meta/v1 (Table): what a server answers to a client that asks for tables.
import type { UnstructuredObject } from "../../api/object.ts";

/** One column. */
export interface TableColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** Columns above 0 are shown in wide tables only. */
  readonly priority: number;
}

/** One object's cells, with as much of the object as was asked for. */
export interface TableRow {
  readonly cells: readonly unknown[];
  readonly object?: UnstructuredObject;
}

/** A list, laid out by the server. */
export interface Table {
  readonly kind: "Table";
  readonly apiVersion: string;
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  /** Left out in the later events of a watch. */
  readonly columnDefinitions?: readonly TableColumnDefinition[];
  readonly rows?: readonly TableRow[];
}
