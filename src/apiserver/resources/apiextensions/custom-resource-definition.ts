// Behaviour: k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition and pkg/apis/apiextensions/v1/defaults.go.
import { unsetList } from "../../../api/decode.ts";
import type { CustomResourceDefinition } from "../../../api/generated/types/apiextensions/v1.ts";
import { formatTime } from "../../../util/clock.ts";
import { unrecognizedFormats } from "../../custom-resources/formats.ts";
import { nameColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validateDefinition, validateDefinitionStatus, validateDefinitionUpdate } from "./definition-validation.ts";

/** Who deletes the instances removes it. */
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

/** apiextensions.k8s.io/v1 customresourcedefinitions. */
export const customResourceDefinitionResource = defineResource<CustomResourceDefinition>({
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  resource: "customresourcedefinitions",
  singular: "customresourcedefinition",
  shortNames: ["crd", "crds"],
  categories: ["api-extensions"],
  namespaced: false,
  type: "apiextensions.v1.CustomResourceDefinition",
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec, status }) {
    const { names, versions } = spec;
    if (!names.singular && names.kind !== "") names.singular = names.kind.toLowerCase();
    if (!names.listKind && names.kind !== "") names.listKind = `${names.kind}List`;
    spec.conversion ??= { strategy: "None" };
    const { service } = spec.conversion.webhook?.clientConfig ?? {};
    if (service !== undefined) service.port ??= 443;
    const stored = versions.find(({ storage }) => storage);
    if (stored !== undefined && status !== undefined && (status.storedVersions ?? []).length === 0) status.storedVersions = [stored.name];
  },
  prepareForCreate(definition) {
    definition.status = { conditions: unsetList(), acceptedNames: { plural: "", kind: "" }, storedVersions: unsetList() };
    addStoredVersion(definition);
  },
  prepareForUpdate(next, old) {
    next.status = structuredClone(old.status);
    addStoredVersion(next);
  },
  validateCreate: validateDefinition,
  validateUpdate: validateDefinitionUpdate,
  warnings(definition, old) {
    const before = new Set(old === undefined ? [] : formatsOf(old));
    return formatsOf(definition).filter((format) => !before.has(format)).map((format) => `unrecognized format ${JSON.stringify(format)}`);
  },
  beginDeletion(definition, now) {
    if (definition.metadata.deletionTimestamp !== undefined) return false;
    definition.metadata.deletionTimestamp = formatTime(now);
    definition.metadata.finalizers = [...new Set([...(definition.metadata.finalizers ?? []), CLEANUP_FINALIZER])];
    const terminating = {
      type: "Terminating",
      status: "True",
      lastTransitionTime: formatTime(now),
      reason: "InstanceDeletionPending",
      message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
    };
    definition.status.conditions = [...(definition.status.conditions ?? []).filter(({ type }) => type !== "Terminating"), terminating];
    return true;
  },
  status: {
    prepareForUpdate(next, old) {
      next.spec = old.spec;
    },
    validateUpdate: validateDefinitionStatus,
  },
  columns: [
    nameColumn,
    { name: "Created At", type: "date", description: "The time at which the server created this object.", priority: 0, cell: ({ metadata }) => metadata.creationTimestamp ?? null },
  ],
});

/** The version that is stored from now on may have been stored ever after. */
function addStoredVersion({ spec, status }: CustomResourceDefinition): void {
  const stored = spec.versions.find(({ storage }) => storage);
  if (stored !== undefined && !(status.storedVersions ?? []).includes(stored.name)) status.storedVersions = [...(status.storedVersions ?? []), stored.name];
}

function formatsOf({ spec }: CustomResourceDefinition): string[] {
  return [...new Set(spec.versions.flatMap(({ schema }) => unrecognizedFormats(schema?.openAPIV3Schema)))];
}
