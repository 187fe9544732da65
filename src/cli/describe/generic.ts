// Behaviour: k8s.io/kubectl/pkg/describe (genericDescriber): kinds that have no describer of their own, custom resources first.
import type { UnstructuredObject } from "../../api/object.ts";
import { goText } from "../printers/go-values.ts";
import { defineDescriber } from "./describer.ts";
import type { Description } from "./description.ts";

const SKIPPED = new Set([".metadata.managedFields", ".metadata.name", ".metadata.namespace", ".metadata.labels", ".metadata.annotations"]);
const ACRONYMS = new Set(["API", "URL", "UID", "OSB", "GUID"]);

/** Describes an object of any kind, field by field. */
export const genericDescriber = defineDescriber<UnstructuredObject>({
  describe(object, _related, to) {
    to.field(0, "Name", object.metadata.name);
    to.field(0, "Namespace", object.metadata.namespace);
    to.labels("Labels", object.metadata.labels);
    to.annotations("Annotations", object.metadata.annotations);
    describeContent(object, 0, "", to);
  },
});

function describeContent(content: Readonly<Record<string, unknown>>, level: number, path: string, to: Description): void {
  for (const field of Object.keys(content).sort()) {
    const value = content[field];
    const inner = `${path}.${field}`;
    if (SKIPPED.has(inner)) continue;
    const title = titleOf(field);
    if (Array.isArray(value)) {
      to.write(level, `${title}:\n`);
      for (const item of value as unknown[]) {
        if (isMapping(item)) describeContent(item, level + 1, inner, to);
        else to.write(level + 1, `${goText(item)}\n`);
      }
    } else if (isMapping(value)) {
      to.write(level, `${title}:\n`);
      describeContent(value, level + 1, inner, to);
    } else to.field(level, title, goText(value));
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** "hostIP" as "Host Ip", "apiVersion" as "API Version"; names with other characters stay as they are. */
function titleOf(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  return (field.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}\p{Ll}+|\p{Ll}+|-/gu) ?? [field])
    .map((part) => {
      if (ACRONYMS.has(part.toUpperCase())) return part.toUpperCase();
      return part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase();
    })
    .join(" ");
}
