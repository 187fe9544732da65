import { describe, expect, it } from "vitest";
import type { CSIDriver, CSINode, StorageClass, VolumeAttachment, VolumeAttributesClass } from "../../../api/generated/types/storage/v1.ts";
import { create, decodeObject, row, update } from "../shared/test-requests.ts";
import { csiDriverResource } from "./csi-driver.ts";
import { csiNodeResource } from "./csi-node.ts";
import { csiStorageCapacityResource } from "./csi-storage-capacity.ts";
import { storageClassResource } from "./storage-class.ts";
import { volumeAttachmentResource } from "./volume-attachment.ts";
import { volumeAttributesClassResource } from "./volume-attributes-class.ts";

describe("storage classes", () => {
  it("have defaults, and are marked when they are the default", () => {
    const metadata = { name: "fast", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } };
    const { object } = create(storageClassResource, { metadata, provisioner: "a.b/c" });
    expect(object).toMatchObject({ reclaimPolicy: "Delete", volumeBindingMode: "Immediate" });
    expect(row(storageClassResource, object)).toMatchObject({ Name: "fast (default)", AllowVolumeExpansion: false });
  });

  it.each<[string, (next: StorageClass) => void, string[]]>([
    ["provisioner", (next) => (next.provisioner = "d"), ['provisioner: Invalid value: "d": field is immutable']],
    ["parameters", (next) => (next.parameters = { b: "1" }), ['parameters: Invalid value: {"b":"1"}: field is immutable']],
    ["policy", (next) => (next.reclaimPolicy = "Foo"), ['reclaimPolicy: Unsupported value: "Foo": supported values: "Delete", "Retain"', 'reclaimPolicy: Invalid value: "Foo": field is immutable']],
  ])("keep their %s", (_name, change, errors) => {
    expect(update(storageClassResource, create(storageClassResource, { provisioner: "a.b/c" }).object, change).errors).toEqual(errors);
  });

  it("need values in their topologies, once each, and warn of old labels", () => {
    const allowedTopologies = [{ matchLabelExpressions: [{ key: "beta.kubernetes.io/os", values: ["a", "a"] }, { key: "k" }] }];
    const { errors, warnings } = create(storageClassResource, { provisioner: "p", allowedTopologies });
    expect(errors).toEqual(['allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"', "allowedTopologies[0].matchLabelExpressions[1].values: Required value"]);
    expect(warnings[0]).toContain("allowedTopologies[0].matchLabelExpressions[0].key: deprecated since v1.14");
  });
});

describe("CSI drivers", () => {
  it("have defaults, and count changes", () => {
    const { object, errors, warnings } = create(csiDriverResource, { spec: { tokenRequests: [{ audience: "a" }] } });
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: "ReadWriteOnceWithFSType", volumeLifecycleModes: ["Persistent"], seLinuxMount: false } });
    expect(warnings).toHaveLength(1);
    expect(update(csiDriverResource, object, (next: CSIDriver) => (next.spec.podInfoOnMount = true)).object.metadata.generation).toBe(1);
    expect(update(csiDriverResource, object, (next: CSIDriver) => (next.spec.attachRequired = false)).errors).toEqual(["spec.attachedRequired: Invalid value: false: field is immutable"]);
  });

  it("ask for each audience once, for ten minutes at least", () => {
    const tokenRequests = [{ audience: "a", expirationSeconds: 10 }, { audience: "a" }];
    expect(create(csiDriverResource, { spec: { tokenRequests } }).errors).toEqual([
      "spec.tokenRequests[0].expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes",
      'spec.tokenRequests[1].audience: Duplicate value: "a"',
    ]);
  });
});

describe("other storage resources", () => {
  it("drivers of nodes change only how many volumes they can have", () => {
    const { object, errors } = create(csiNodeResource, { spec: { drivers: [{ name: "a.b", nodeID: "1", topologyKeys: ["k"] }] } });
    expect(errors).toEqual([]);
    const driver = (next: CSINode) => next.spec.drivers[0] ?? { name: "", nodeID: "", topologyKeys: [] };
    expect(update(csiNodeResource, object, (next: CSINode) => (driver(next).allocatable = { count: 3 })).errors).toEqual([]);
    expect(update(csiNodeResource, object, (next: CSINode) => (driver(next).nodeID = "2")).errors).toEqual([
      'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"2","TopologyKeys":["k"],"Allocatable":null}: field is immutable',
    ]);
  });

  it("capacities cannot be negative", () => {
    expect(create(csiStorageCapacityResource, { storageClassName: "c", capacity: "-1Gi" }).errors).toEqual(['capacity: Invalid value: "-1Gi": must be greater than or equal to 0']);
  });

  it("attachments have one source, and keep it", () => {
    const spec = { attacher: "a.b", nodeName: "n", source: { persistentVolumeName: "pv" } };
    expect(create(volumeAttachmentResource, { spec: { ...spec, source: {} } }).errors).toEqual(["spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName"]);
    const { object, errors } = create(volumeAttachmentResource, { spec });
    expect(errors).toEqual([]);
    expect(update(volumeAttachmentResource, object, (next: VolumeAttachment) => (next.spec.nodeName = "m")).errors).toEqual([
      'spec: Invalid value: {"Attacher":"a.b","Source":{"PersistentVolumeName":"pv","InlineVolumeSpec":null},"NodeName":"m"}: field is immutable',
    ]);
  });

  it("inline volumes are CSI's, and claimed by nobody", () => {
    const inlineVolumeSpec = { accessModes: ["ReadWriteOnce"], capacity: { storage: "1" }, csi: { driver: "a.b", volumeHandle: "h" } };
    expect(create(volumeAttachmentResource, { spec: { attacher: "a.b", nodeName: "n", source: { inlineVolumeSpec } } }).errors).toEqual(["spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes"]);
  });

  it("classes of attributes never change", () => {
    const old = decodeObject(volumeAttributesClassResource, { driverName: "a.b", parameters: { a: "1" } });
    expect(update(volumeAttributesClassResource, old, (next: VolumeAttributesClass) => (next.parameters = { a: "2" })).errors).toEqual(["parameters: Forbidden: updates to parameters are forbidden."]);
    expect(create(volumeAttributesClassResource, { driverName: "a.b" }).errors).toEqual(["parameters: Required value: must contain at least one key/value pair"]);
  });
});
