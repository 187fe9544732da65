// Behaviour: k8s.io/kubernetes/pkg/printers/internalversion: the columns that many kinds share, and the text forms in cells.
import { formatLabelSelector, labelSelectorOfMap } from "../../../api/label-selector.ts";
import type { Container } from "../../../api/generated/types/core/v1.ts";
import type { LabelSelector } from "../../../api/generated/types/meta/v1.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import { humanDuration } from "../../../util/duration.ts";
import type { TableColumn } from "../../resource.ts";
import { columnDocumentation } from "../../tables/column-documentation.ts";

/** The columns of a kind, with the type of their cells' object checked. */
export type Columns<T extends KubernetesObject> = readonly TableColumn<T>[];

/** A column of text that is always shown. */
export function textColumn<T>(name: string, description: string, cell: TableColumn<T>["cell"]): TableColumn<T> {
  return { name, type: "string", description, priority: 0, cell };
}

/** A column of text that only -o wide shows. */
export function wideColumn<T>(name: string, description: string, cell: TableColumn<T>["cell"]): TableColumn<T> {
  return { name, type: "string", description, priority: 1, cell };
}

/** A column of whole numbers that is always shown. */
export function integerColumn<T>(name: string, description: string, cell: (object: T) => number): TableColumn<T> {
  return { name, type: "integer", description, priority: 0, cell };
}

/** The column of the object's name, the first one of most kinds. */
export const nameColumn: TableColumn<KubernetesObject> = {
  name: "Name",
  type: "string",
  format: "name",
  description: columnDocumentation["ObjectMeta.name"],
  priority: 0,
  cell: (object) => object.metadata.name ?? "",
};

/** The column of the time since the object was created. */
export const ageColumn: TableColumn<KubernetesObject> = textColumn("Age", columnDocumentation["ObjectMeta.creationTimestamp"], (object, now) =>
  timeSince(object.metadata.creationTimestamp, now),
);

/** The wide columns of a pod template's containers and their images. */
export function containerColumns<T>(containers: (object: T) => readonly Container[] | undefined): TableColumn<T>[] {
  return [
    wideColumn("Containers", "Names of each container in the template.", (object) => containerNames(containers(object))),
    wideColumn("Images", "Images referenced by each container in the template.", (object) => containerImages(containers(object))),
  ];
}

/** The wide column of a label selector. */
export function selectorColumn<T>(description: string, selector: (object: T) => LabelSelector | undefined): TableColumn<T> {
  return wideColumn("Selector", description, (object) => formatSelector(selector(object)));
}

/** "a,b": the names of containers. */
export function containerNames(containers: readonly Container[] | undefined): string {
  return (containers ?? []).map((container) => container.name).join(",");
}

/** "nginx,busybox": the images of containers. */
export function containerImages(containers: readonly Container[] | undefined): string {
  return (containers ?? []).map((container) => container.image ?? "").join(",");
}

/** The time from a timestamp to now, as ages are printed; "<unknown>" for none. */
export function timeSince(timestamp: string | undefined | null, now: number): string {
  return timestamp === undefined || timestamp === null || timestamp === "" ? "<unknown>" : humanDuration(now - Date.parse(timestamp));
}

/** "a=b,c=d", or "<none>". */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  return labelSelectorOfMap(labels).toString() || "<none>";
}

/** A selector's text, "<none>" when it is empty, "<error>" when it is malformed. */
export function formatSelector(selector: LabelSelector | undefined): string {
  try {
    return formatLabelSelector(selector);
  } catch {
    return "<error>";
  }
}
