// Behaviour: k8s.io/kubernetes/pkg/registry/storage/volumeattachment.
import type { VolumeAttachment } from "../../../api/generated/types/storage/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { keepMetadata } from "../shared/status-metadata.ts";
import { validateVolumeAttachment, validateVolumeAttachmentUpdate } from "./volume-attachment-validation.ts";

/** storage.k8s.io/v1 volumeattachments. */
export const volumeAttachmentResource = defineResource<VolumeAttachment>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "VolumeAttachment",
  resource: "volumeattachments",
  singular: "volumeattachment",
  namespaced: false,
  type: "storage.v1.VolumeAttachment",
  tracksGeneration: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  prepareForCreate(attachment) {
    attachment.status = { attached: false };
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validateVolumeAttachment,
  validateUpdate: validateVolumeAttachmentUpdate,
  status: {
    prepareForUpdate(next, old) {
      next.spec = old.spec;
      keepMetadata(next, old);
    },
  },
  columns: [
    nameColumn,
    { ...textColumn("Attacher", "The driver that attaches the volume", ({ spec }) => spec.attacher), format: "name" },
    textColumn("PV", "The persistent volume", ({ spec }) => spec.source.persistentVolumeName ?? ""),
    textColumn("Node", "The node that the volume is attached to", ({ spec }) => spec.nodeName),
    { name: "Attached", type: "boolean", description: "Whether the volume is attached", priority: 0, cell: ({ status }) => status.attached },
    ageColumn,
  ],
});
