// What columns are described by, where upstream uses the documentation of the field that they show.
import { columnDocumentationText } from "../../api/generated/column-documentation.ts";

type DocumentedField =
  | "ObjectMeta.name"
  | "ObjectMeta.creationTimestamp"
  | "ConfigMap.data"
  | "PodStatus.podIP"
  | "PodSpec.nodeName"
  | "PodStatus.nominatedNodeName"
  | "PodSpec.readinessGates";

/** The documentation of the fields that tables show. */
export const columnDocumentation = JSON.parse(columnDocumentationText) as Readonly<Record<DocumentedField, string>>;
