// Behaviour: pkg/controller/servicecidrs: a range of service addresses stays as long as addresses of it are in use.
import { BlockList, isIPv6 } from "node:net";
import type { IPAddress, ServiceCIDR } from "../../api/generated/types/networking/v1.ts";
import type { Condition } from "../../api/generated/types/meta/v1.ts";
import { ipAddresses, serviceCIDRs } from "../../api/resource-refs.ts";
import { formatTime } from "../../util/clock.ts";
import { orGone } from "../not-found.ts";
import type { Controller, ControllerContext } from "../runtime.ts";
import { keyOf, watch } from "../runtime.ts";

const FINALIZER = "networking.k8s.io/service-cidr-finalizer";

/** Keeps the conditions and finalizers of ServiceCIDRs. */
export function createServiceCidrController({ client, clock, informers }: ControllerContext): Controller {
  const all = informers.informer(serviceCIDRs);
  const addresses = informers.informer(ipAddresses);
  const resource = client.resource(serviceCIDRs);
  const deleted = () => all.list().filter(({ metadata }) => metadata.deletionTimestamp !== undefined);

  const setReady = async (range: ServiceCIDR, told: Pick<Condition, "status" | "reason" | "message">): Promise<void> => {
    const current = range.status.conditions?.find(({ type }) => type === "Ready");
    if (current?.status === told.status && current.reason === told.reason && (told.status === "True" || current.message === told.message)) return;
    const condition = { type: "Ready", ...told, lastTransitionTime: formatTime(clock.now()) };
    const others = (range.status.conditions ?? []).filter(({ type }) => type !== "Ready");
    await orGone(resource.updateStatus({ ...range, status: { ...range.status, conditions: [...others, condition] } }));
  };

  return {
    name: "service-cidr-controller",
    watches: [watch(serviceCIDRs, (range) => [keyOf(range), ...deleted().map(keyOf)]), watch(ipAddresses, () => deleted().map(keyOf), ({ type }) => type === "deleted")],
    async reconcile(name) {
      const range = all.get(name);
      if (range === undefined) return;
      const finalizers = range.metadata.finalizers ?? [];
      if (range.metadata.deletionTimestamp === undefined) {
        const isProtected = finalizers.includes(FINALIZER);
        const current = isProtected ? range : await resource.update({ ...range, metadata: { ...range.metadata, finalizers: [...finalizers, FINALIZER] } });
        return setReady(current, { status: "True", reason: "", message: "Kubernetes Service CIDR is ready" });
      }
      if (isNeeded(range, all.list(), addresses.list())) {
        const message = "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR";
        return setReady(range, { status: "False", reason: "Terminating", message });
      }
      if (!finalizers.includes(FINALIZER)) return;
      await orGone(resource.update({ ...range, metadata: { ...range.metadata, finalizers: finalizers.filter((finalizer) => finalizer !== FINALIZER) } }));
    },
  };
}

/** Whether an address in use is in this range and in no other. */
function isNeeded(range: ServiceCIDR, ranges: readonly ServiceCIDR[], addresses: readonly IPAddress[]): boolean {
  const others = ranges.filter((other) => other !== range && other.metadata.deletionTimestamp === undefined).map(blocksOf);
  const own = blocksOf(range);
  return addresses.some(({ metadata: { name = "" } }) => contains(own, name) && !others.some((other) => contains(other, name)));
}

function blocksOf({ spec }: ServiceCIDR): BlockList {
  const blocks = new BlockList();
  for (const cidr of spec.cidrs ?? []) {
    const [network = "", prefix = ""] = cidr.split("/");
    blocks.addSubnet(network, Number(prefix), isIPv6(network) ? "ipv6" : "ipv4");
  }
  return blocks;
}

function contains(blocks: BlockList, address: string): boolean {
  return blocks.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
