// Behaviour: k8s.io/kubernetes/pkg/registry/storage/volumeattributesclass.
import type { VolumeAttributesClass } from "../../../api/generated/types/storage/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validateVolumeAttributesClass, validateVolumeAttributesClassUpdate } from "./volume-attributes-class-validation.ts";

/** storage.k8s.io/v1 volumeattributesclasses. */
export const volumeAttributesClassResource = defineResource<VolumeAttributesClass>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "VolumeAttributesClass",
  resource: "volumeattributesclasses",
  singular: "volumeattributesclass",
  shortNames: ["vac"],
  namespaced: false,
  type: "storage.v1.VolumeAttributesClass",
  validateName: nameIsDNSSubdomain,
  validate: validateVolumeAttributesClass,
  validateUpdate: validateVolumeAttributesClassUpdate,
  columns: [nameColumn, textColumn("DriverName", "The driver that the attributes are for", ({ driverName }) => driverName), ageColumn],
});
