import { expect, it } from "vitest";
import { networkCreateArgs, networkName, podNetwork } from "./pod-network.ts";
import { formatSubnet, freeSubnet, overlaps, parseSubnet, type Subnet } from "./subnets.ts";

const subnet = (text: string): Subnet => parseSubnet(text) ?? { base: 0, prefix: 0 };

it("reads networks and refuses what is none", () => {
  expect([formatSubnet(subnet("10.244.7.9/16")), parseSubnet("fd00::/8"), parseSubnet("1.2.3.400/8")]).toEqual(["10.244.0.0/16", undefined, undefined]);
});

it("sees overlap in both directions", () => {
  expect([overlaps(subnet("10.0.0.0/8"), subnet("10.244.0.0/16")), overlaps(subnet("10.244.3.0/24"), subnet("10.244.0.0/16")), overlaps(subnet("10.245.0.0/16"), subnet("10.244.0.0/16"))]).toEqual([true, true, false]);
});

it("takes the next network when the usual one is taken", () => {
  expect(formatSubnet(freeSubnet([subnet("10.244.1.0/24"), subnet("10.245.0.0/16")]))).toBe("10.246.0.0/16");
});

it("divides the network among nodes and reuses the address that was free the longest", () => {
  const network = podNetwork("skiff-t", subnet("10.244.0.0/16"));
  const addresses = network.nodeAddresses(1);
  const first = addresses.allocate();
  addresses.release(first);
  expect([network.gateway, addresses.cidr, first, addresses.allocate()]).toEqual(["10.244.0.1", "10.244.1.0/24", "10.244.1.2", "10.244.1.3"]);
});

it("says when a node's addresses are used up", () => {
  const addresses = podNetwork("skiff-t", subnet("10.244.0.0/16")).nodeAddresses(0);
  for (let count = 0; count < 253; count++) addresses.allocate();
  expect(() => addresses.allocate()).toThrow("no IP addresses available in range set: 10.244.0.0/24");
});

it("labels the network with its cluster", () => {
  expect(networkCreateArgs("skiff-a", "id", subnet("10.1.0.0/16")).join(" ")).toBe(
    "network create --driver bridge --subnet 10.1.0.0/16 --gateway 10.1.0.1 --label dev.skiff.cluster=id skiff-a",
  );
});

it("calls the network after its cluster, unless another cluster has the name", () => {
  const id = "1f9912b9-929c-4a41-a669-00156bf1aa48";
  expect([networkName("a", id, ["bridge", "skiff-ab"]), networkName("a", id, ["skiff-a"])]).toEqual(["skiff-a", "skiff-a-1f9912b9"]);
});
