// Behaviour: ValidateEndpointIP in k8s.io/kubernetes/pkg/apis/core/validation: addresses at which nothing can be reached from elsewhere.
import { BlockList, isIP } from "node:net";
import { type FieldError, type FieldPath, invalidValue } from "../../../api/field-errors.ts";

const LOOPBACK = ranges(["127.0.0.0/8"], ["::1/128"]);
const LINK_LOCAL = ranges(["169.254.0.0/16"], ["fe80::/10"]);
const LINK_LOCAL_MULTICAST = ranges(["224.0.0.0/24"], ["ff02::/16"]);

/** The address is one that endpoints and external addresses may have. */
export function endpointAddress(address: string, path: FieldPath): FieldError[] {
  const family = isIP(address);
  if (family === 0) return [invalidValue(path, address, "must be a valid IP address")];
  const isIn = (list: BlockList): boolean => list.check(address, family === 4 ? "ipv4" : "ipv6");
  if (address === "0.0.0.0" || /^[0:]+$/.test(address)) return [invalidValue(path, address, `may not be unspecified (${address})`)];
  if (isIn(LOOPBACK)) return [invalidValue(path, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)")];
  if (isIn(LINK_LOCAL)) return [invalidValue(path, address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")];
  if (isIn(LINK_LOCAL_MULTICAST)) return [invalidValue(path, address, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")];
  return [];
}

function ranges(ipv4: readonly string[], ipv6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ipv4) list.addSubnet(range.split("/")[0] ?? "", Number(range.split("/")[1]), "ipv4");
  for (const range of ipv6) list.addSubnet(range.split("/")[0] ?? "", Number(range.split("/")[1]), "ipv6");
  return list;
}
