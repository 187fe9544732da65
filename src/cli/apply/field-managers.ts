// Behaviour: k8s.io/client-go/util/csaupgrade: hands the fields of client-side apply over to server-side apply.
import type { ManagedFieldsEntry } from "../../api/generated/types/meta/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { LAST_APPLIED_ANNOTATION, lastAppliedAnnotation } from "../../api/patch/last-applied.ts";
import { isConflict } from "../../api/errors.ts";
import type { ObjectWriter } from "../object-writer.ts";
import type { ResourceInfo } from "../resource-query.ts";
import { getObject } from "../resource-requests.ts";
import type { Transport } from "../../client/transport.ts";

const ANNOTATION_MANAGER = "kubectl-last-applied";
const DEFAULT_MANAGER = "kubectl";
const MAX_RETRIES = 5;

type FieldSet = { [key: string]: FieldSet };

/** Keeps the annotation of client-side apply alive under a manager of its own, so that the next apply does not drop it. */
export async function saveLastApplied(writer: ObjectWriter, info: ResourceInfo, object: UnstructuredObject, manager: string): Promise<UnstructuredObject> {
  const value = lastAppliedAnnotation(object);
  if (manager !== DEFAULT_MANAGER || value === undefined || ownersOf(object, "Apply").length > 0) return object;
  const { name, namespace } = object.metadata;
  const metadata = { name, ...(namespace !== undefined && { namespace }), annotations: { [LAST_APPLIED_ANNOTATION]: value } };
  return writer.as(ANNOTATION_MANAGER).patch(info, "application/apply-patch+yaml", { apiVersion: object.apiVersion, kind: object.kind, metadata });
}

/** Gives what client-side apply managed to `manager`; undefined when there was nothing to give. */
export async function migrateManagedFields(writer: ObjectWriter, transport: Transport, info: ResourceInfo, object: UnstructuredObject, manager: string): Promise<UnstructuredObject | undefined> {
  const names = new Set(ownersOf(object, "Update").map((entry) => entry.manager ?? ""));
  let current = object;
  for (let tries = 1; ; tries++) {
    const managedFields = upgraded(current.metadata.managedFields ?? [], names, manager);
    if (managedFields === undefined) return undefined;
    const patch = [
      { op: "replace", path: "/metadata/managedFields", value: managedFields },
      { op: "replace", path: "/metadata/resourceVersion", value: current.metadata.resourceVersion },
    ];
    try {
      return await writer.patch(info, "application/json-patch+json", patch);
    } catch (error) {
      if (!isConflict(error) || tries === MAX_RETRIES) throw error;
      current = await getObject(transport, info);
    }
  }
}

/** The entries that own the annotation of client-side apply. */
function ownersOf(object: UnstructuredObject, operation: "Apply" | "Update"): ManagedFieldsEntry[] {
  return (object.metadata.managedFields ?? []).filter((entry) => {
    const fields = entry.fieldsV1 as FieldSet | undefined;
    return entry.operation === operation && fields?.["f:metadata"]?.["f:annotations"]?.[`f:${LAST_APPLIED_ANNOTATION}`] !== undefined;
  });
}

function upgraded(entries: readonly ManagedFieldsEntry[], names: ReadonlySet<string>, manager: string): ManagedFieldsEntry[] | undefined {
  const isClientSide = (entry: ManagedFieldsEntry) => entry.operation === "Update" && (entry.subresource ?? "") === "" && names.has(entry.manager ?? "");
  const clientSide = entries.filter(isClientSide);
  const [first] = clientSide;
  if (first === undefined) return undefined;
  const isServerSide = (entry: ManagedFieldsEntry) => entry.operation === "Apply" && (entry.subresource ?? "") === "" && entry.manager === manager;
  const serverSide = entries.find(isServerSide) ?? { ...first, manager, operation: "Apply" };
  const fieldsV1 = clientSide.reduce((all, entry) => union(all, (entry.fieldsV1 ?? {}) as FieldSet), (serverSide.fieldsV1 ?? {}) as FieldSet);
  const merged = { ...serverSide, fieldsV1 } as ManagedFieldsEntry;
  const rest = entries.filter((entry) => !isClientSide(entry) && !isServerSide(entry));
  return [merged, ...rest];
}

function union(one: FieldSet, other: FieldSet): FieldSet {
  const all = { ...one };
  for (const [key, value] of Object.entries(other)) all[key] = union(all[key] ?? {}, value);
  return all;
}
