// Behaviour: k8s.io/kubernetes/pkg/registry/storage/csidriver, SetDefaults_CSIDriver and printCSIDriver in pkg/printers.
import type { CSIDriver, CSIDriverSpec } from "../../../api/generated/types/storage/v1.ts";
import type { TableColumn } from "../../resource.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { validateCSIDriver, validateCSIDriverUpdate } from "./csi-driver-validation.ts";

const TOKENS_IN_SECRETS =
  "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes";

/** storage.k8s.io/v1 csidrivers. */
export const csiDriverResource = defineResource<CSIDriver>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "CSIDriver",
  resource: "csidrivers",
  singular: "csidriver",
  namespaced: false,
  type: "storage.v1.CSIDriver",
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    spec.attachRequired ??= true;
    spec.podInfoOnMount ??= false;
    spec.storageCapacity ??= false;
    spec.fsGroupPolicy ??= "ReadWriteOnceWithFSType";
    if ((spec.volumeLifecycleModes ?? []).length === 0) spec.volumeLifecycleModes = ["Persistent"];
    spec.requiresRepublish ??= false;
    spec.seLinuxMount ??= false;
  },
  prepareForCreate({ spec }) {
    delete spec.preventPodSchedulingIfMissing;
  },
  prepareForUpdate(next, old) {
    if (old.spec.preventPodSchedulingIfMissing === undefined) delete next.spec.preventPodSchedulingIfMissing;
    if (!semanticEqual(next.spec, old.spec)) next.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateCSIDriver,
  validateUpdate: validateCSIDriverUpdate,
  warnings({ spec }, old) {
    const requests = spec.tokenRequests ?? [];
    const unchanged = old !== undefined && semanticEqual(old.spec.tokenRequests, requests);
    return requests.length > 0 && spec.serviceAccountTokenInSecrets === undefined && !unchanged ? [TOKENS_IN_SECRETS] : [];
  },
  columns: [
    nameColumn,
    flagColumn("AttachRequired", "Whether volumes have to be attached to nodes", ({ attachRequired }) => attachRequired ?? true),
    flagColumn("PodInfoOnMount", "Whether the driver is told of the pod when it mounts", ({ podInfoOnMount }) => podInfoOnMount),
    flagColumn("StorageCapacity", "Whether the driver's capacity is considered in scheduling", ({ storageCapacity }) => storageCapacity),
    textColumn("TokenRequests", "The audiences of the tokens that the driver gets", ({ spec }) => spec.tokenRequests?.map(({ audience }) => audience).join(",") ?? "<unset>"),
    flagColumn("RequiresRepublish", "Whether the driver is called again from time to time", ({ requiresRepublish }) => requiresRepublish),
    textColumn("Modes", "The lives that volumes of the driver can have", ({ spec }) => (spec.volumeLifecycleModes ?? []).join(",") || "<none>"),
    ageColumn,
  ],
});

function flagColumn(name: string, description: string, flag: (spec: CSIDriverSpec) => boolean | undefined): TableColumn<CSIDriver> {
  return { name, type: "boolean", description, priority: 0, cell: ({ spec }) => flag(spec) ?? false };
}
