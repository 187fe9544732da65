// Behaviour: k8s.io/kubernetes/pkg/registry/flowcontrol/prioritylevelconfiguration.
import type { PriorityLevelConfiguration } from "../../../api/generated/types/flowcontrol/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validateStatus } from "./conditions.ts";
import { validatePriorityLevel } from "./priority-level-configuration-validation.ts";
import { keepAllButStatus } from "./status.ts";

const NONE = "<none>";

/** flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations. */
export const priorityLevelConfigurationResource = defineResource<PriorityLevelConfiguration>({
  group: "flowcontrol.apiserver.k8s.io",
  version: "v1",
  kind: "PriorityLevelConfiguration",
  resource: "prioritylevelconfigurations",
  singular: "prioritylevelconfiguration",
  namespaced: false,
  type: "flowcontrol.v1.PriorityLevelConfiguration",
  validateName: nameIsDNSSubdomain,
  defaults({ spec: { exempt, limited } }) {
    if (exempt !== undefined) {
      exempt.nominalConcurrencyShares ??= 0;
      exempt.lendablePercent ??= 0;
    }
    if (limited === undefined) return;
    limited.nominalConcurrencyShares ??= 30;
    limited.lendablePercent ??= 0;
    const { queuing } = limited.limitResponse;
    if (queuing === undefined) return;
    queuing.handSize ||= 8;
    queuing.queues ||= 64;
    queuing.queueLengthLimit ||= 50;
  },
  prepareForCreate(level) {
    level.status = {};
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validatePriorityLevel,
  status: { prepareForUpdate: keepAllButStatus, validateUpdate: validateStatus },
  columns: [
    nameColumn,
    textColumn("Type", "Whether requests of this level are limited", ({ spec }) => spec.type),
    textColumn("NominalConcurrencyShares", "The level's share of all requests that are served at a time", ({ spec }) => spec.limited?.nominalConcurrencyShares ?? NONE),
    textColumn("Queues", "In how many queues requests wait", ({ spec }) => spec.limited?.limitResponse.queuing?.queues ?? NONE),
    textColumn("HandSize", "Among how many queues a request chooses", ({ spec }) => spec.limited?.limitResponse.queuing?.handSize ?? NONE),
    textColumn("QueueLengthLimit", "How many requests can wait in a queue", ({ spec }) => spec.limited?.limitResponse.queuing?.queueLengthLimit ?? NONE),
    ageColumn,
  ],
});
