// Behaviour: pkg/registry/core/service/ipallocator/controller: every cluster IP of a Service has its IPAddress, and no other has one.
import { isIPv6 } from "node:net";
import type { Service } from "../../api/generated/types/core/v1.ts";
import { isAlreadyExists } from "../../api/errors.ts";
import { ipAddresses, services } from "../../api/resource-refs.ts";
import { orGone } from "../not-found.ts";
import type { Controller, ControllerContext } from "../runtime.ts";
import { watch } from "../runtime.ts";

const FAMILY = "ipaddress.kubernetes.io/ip-family";
const MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
const ALLOCATOR = "ipallocator.k8s.io";

/** Keeps IPAddresses in step with the Services that hold the addresses. */
export function createServiceAddressController({ client, informers }: ControllerContext): Controller {
  const holders = informers.informer(services);
  const addresses = informers.informer(ipAddresses);
  const resource = client.resource(ipAddresses);
  holders.addIndex("cluster-ip", clusterIPs);
  return {
    name: "service-ip-address-controller",
    watches: [
      watch(services, (service, { previous }) => new Set([...clusterIPs(service), ...(previous === undefined ? [] : clusterIPs(previous))])),
      watch(ipAddresses, ({ metadata: { name = "" } }) => [name], ({ object }) => object.metadata.labels?.[MANAGED_BY] === ALLOCATOR),
    ],
    async reconcile(address) {
      const [holder] = holders.indexed("cluster-ip", address);
      const current = addresses.get(address);
      if (holder === undefined) {
        if (current?.metadata.labels?.[MANAGED_BY] === ALLOCATOR) await orGone(resource.delete(address));
        return;
      }
      if (current !== undefined) return;
      const { namespace, name } = holder.metadata;
      const labels = { [FAMILY]: isIPv6(address) ? "IPv6" : "IPv4", [MANAGED_BY]: ALLOCATOR };
      const parentRef = { group: "", resource: "services", namespace, name };
      try {
        await resource.create({ apiVersion: "networking.k8s.io/v1", kind: "IPAddress", metadata: { name: address, labels }, spec: { parentRef } });
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    },
  };
}

function clusterIPs({ spec }: Service): string[] {
  const all = spec.clusterIPs ?? (spec.clusterIP === undefined ? [] : [spec.clusterIP]);
  return all.filter((address) => address !== "" && address !== "None");
}
