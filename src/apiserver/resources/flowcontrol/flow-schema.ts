// Behaviour: k8s.io/kubernetes/pkg/registry/flowcontrol/flowschema.
import type { FlowSchema } from "../../../api/generated/types/flowcontrol/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validateStatus } from "./conditions.ts";
import { validateFlowSchema } from "./flow-schema-validation.ts";
import { keepAllButStatus } from "./status.ts";

/** flowcontrol.apiserver.k8s.io/v1 flowschemas. */
export const flowSchemaResource = defineResource<FlowSchema>({
  group: "flowcontrol.apiserver.k8s.io",
  version: "v1",
  kind: "FlowSchema",
  resource: "flowschemas",
  singular: "flowschema",
  namespaced: false,
  type: "flowcontrol.v1.FlowSchema",
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    spec.matchingPrecedence ||= 1000;
  },
  prepareForCreate(schema) {
    schema.status = {};
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validateFlowSchema,
  status: { prepareForUpdate: keepAllButStatus, validateUpdate: validateStatus },
  columns: [
    nameColumn,
    textColumn("PriorityLevel", "The priority level of the requests that match", ({ spec }) => spec.priorityLevelConfiguration.name),
    textColumn("MatchingPrecedence", "Which schema a request is given to when several match: that of the lowest number", ({ spec }) => spec.matchingPrecedence),
    textColumn("DistinguisherMethod", "How the requests are told apart into flows", ({ spec }) => spec.distinguisherMethod?.type ?? "<none>"),
    ageColumn,
    textColumn("MissingPL", "Whether there is no such priority level", ({ status }) => status.conditions?.find(({ type }) => type === "Dangling")?.status ?? "?"),
  ],
});
