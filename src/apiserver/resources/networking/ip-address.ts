// Behaviour: k8s.io/kubernetes/pkg/registry/networking/ipaddress and printIPAddress in pkg/printers.
import type { IPAddress } from "../../../api/generated/types/networking/v1.ts";
import { formatGroupResource } from "../../../api/object.ts";
import { nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsAddress, validateIPAddress, validateIPAddressUpdate } from "./ip-address-validation.ts";

/** networking.k8s.io/v1 ipaddresses. */
export const ipAddressResource = defineResource<IPAddress>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "IPAddress",
  resource: "ipaddresses",
  singular: "ipaddress",
  shortNames: ["ip"],
  namespaced: false,
  type: "networking.v1.IPAddress",
  validateName: nameIsAddress,
  validate: validateIPAddress,
  validateUpdate: validateIPAddressUpdate,
  columns: [nameColumn, textColumn("ParentRef", "The object that the address belongs to", formatParent)],
});

function formatParent({ spec: { parentRef } }: IPAddress): string {
  if (parentRef === undefined) return "<none>";
  const { group = "", resource = "", namespace, name = "" } = parentRef;
  return [formatGroupResource({ group, resource }).toLowerCase(), ...(namespace ? [namespace] : []), name].join("/");
}
