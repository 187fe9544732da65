// IPv4 arithmetic for choosing and dividing the cluster's network.

/** An IPv4 network: its first address as a number, and how many bits are fixed. */
export interface Subnet {
  readonly base: number;
  readonly prefix: number;
}

/** Reads "10.1.0.0/16"; undefined when it is none. */
export function parseSubnet(text: string): Subnet | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255) || prefix > 32) return undefined;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { base: address - (address % 2 ** (32 - prefix)), prefix };
}

/** "10.1.2.3" for a number. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** "10.1.0.0/16". */
export function formatSubnet(subnet: Subnet): string {
  return `${formatAddress(subnet.base)}/${subnet.prefix}`;
}

/** Whether two networks share an address. */
export function overlaps(one: Subnet, other: Subnet): boolean {
  const size = 2 ** (32 - Math.min(one.prefix, other.prefix));
  return Math.floor(one.base / size) === Math.floor(other.base / size);
}

/** The first /16 inside 10.0.0.0/8 that overlaps none of `taken`: 10.244.0.0 where it is free, as clusters like to have it. */
export function freeSubnet(taken: readonly Subnet[]): Subnet {
  const candidates = Array.from({ length: 256 }, (_, index) => ({ base: (10 * 256 + ((244 + index) % 256)) * 2 ** 16, prefix: 16 }));
  const free = candidates.find((candidate) => !taken.some((other) => overlaps(candidate, other)));
  if (free === undefined) throw new Error("no free /16 network is left in 10.0.0.0/8 for the pods");
  return free;
}
