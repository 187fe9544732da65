// Behaviour: k8s.io/apiserver/pkg/cel/library/{ip,cidr}.go.
import { BlockList, isIP, isIPv6 } from "node:net";
import type { Environment } from "@marcbachmann/cel-js";

/** Registers ip, isIP, cidr, isCIDR and what one can ask of them. */
export function registerAddresses(environment: Environment): void {
  environment
    .registerType("net.IP", Address)
    .registerType("net.CIDR", Range)
    .registerFunction("ip(string): net.IP", (text: string) => new Address(text))
    .registerFunction("isIP(string): bool", (text: string) => isAddress(text))
    .registerFunction("string(net.IP): string", ({ text }: Address) => text)
    .registerFunction("net.IP.family(): int", (address: Address) => BigInt(address.family))
    .registerFunction("net.IP.isUnspecified(): bool", ({ text }: Address) => text === "0.0.0.0" || text === "::")
    .registerFunction("net.IP.isLoopback(): bool", ({ text }: Address) => text.startsWith("127.") || text === "::1")
    .registerFunction("net.IP.isLinkLocalMulticast(): bool", ({ text }: Address) => /^(?:224\.0\.0\.|ff[0-9a-f]2:)/.test(text))
    .registerFunction("net.IP.isLinkLocalUnicast(): bool", ({ text }: Address) => /^(?:169\.254\.|fe[89ab][0-9a-f]:)/.test(text))
    .registerFunction("net.IP.isGlobalUnicast(): bool", ({ text }: Address) => !/^(?:0\.0\.0\.0$|255\.255\.255\.255$|127\.|22[4-9]\.|23\d\.|169\.254\.|::1?$|ff|fe[89ab])/.test(text))
    .registerOperator("net.IP == net.IP", (left: Address, right: Address) => left.text === right.text)
    .registerFunction("cidr(string): net.CIDR", (text: string) => new Range(text))
    .registerFunction("isCIDR(string): bool", (text: string) => isRange(text))
    .registerFunction("string(net.CIDR): string", ({ text }: Range) => text)
    .registerFunction("net.CIDR.ip(): net.IP", ({ address }: Range) => address)
    .registerFunction("net.CIDR.prefixLength(): int", ({ bits }: Range) => BigInt(bits))
    .registerFunction("net.CIDR.masked(): net.CIDR", (range: Range) => range.masked())
    .registerFunction("net.CIDR.containsIP(net.IP): bool", (range: Range, address: Address) => range.contains(address))
    .registerFunction("net.CIDR.containsIP(string): bool", (range: Range, text: string) => range.contains(new Address(text)))
    .registerFunction("net.CIDR.containsCIDR(net.CIDR): bool", (range: Range, other: Range) => range.containsRange(other))
    .registerFunction("net.CIDR.containsCIDR(string): bool", (range: Range, text: string) => range.containsRange(new Range(text)))
    .registerOperator("net.CIDR == net.CIDR", (left: Range, right: Range) => left.text === right.text);
  class Addresses {
    readonly namespace = "ip";
  }
  environment.registerType("IPNamespace", Addresses).registerConstant("ip", "IPNamespace", new Addresses());
  environment.registerFunction("IPNamespace.isCanonical(string): bool", (_: unknown, text: string) => new Address(text).text === text);
}

class Address {
  readonly text: string;
  readonly family: 4 | 6;

  constructor(text: string) {
    if (!isAddress(text)) throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`);
    this.family = isIPv6(text) ? 6 : 4;
    this.text = this.family === 6 ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
  }
}

class Range {
  readonly text: string;
  readonly address: Address;
  readonly bits: number;
  private readonly list = new BlockList();

  constructor(text: string) {
    if (!isRange(text)) throw new Error(`network address parse error during conversion from string: network address ${JSON.stringify(text)} parse error`);
    const [address = "", bits = ""] = text.split("/");
    this.address = new Address(address);
    this.bits = Number(bits);
    this.text = `${this.address.text}/${this.bits}`;
    this.list.addSubnet(this.address.text, this.bits, `ipv${this.address.family}`);
  }

  contains({ text, family }: Address): boolean {
    return family === this.address.family && this.list.check(text, `ipv${family}`);
  }

  containsRange(other: Range): boolean {
    return other.bits >= this.bits && this.contains(other.address);
  }

  masked(): Range {
    const first = this.list.rules[0]?.match(/Subnet: IPv[46] ([^/]+)\//)?.[1] ?? this.address.text;
    return new Range(`${maskedAddress(first, this.bits)}/${this.bits}`);
  }
}

function maskedAddress(text: string, bits: number): string {
  if (isIPv6(text)) return maskedV6(text, bits);
  const value = text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const masked = Math.floor(value / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(masked / 2 ** shift) % 256).join(".");
}

function maskedV6(text: string, bits: number): string {
  const [head = "", tail = ""] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const groups = text.includes("::") ? [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right] : left;
  const value = groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
  const masked = (value >> BigInt(128 - bits)) << BigInt(128 - bits);
  return (masked.toString(16).padStart(32, "0").match(/.{4}/g) ?? []).join(":");
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes("%") && !/^::ffff:\d+\./i.test(text);
}

function isRange(text: string): boolean {
  const [address = "", bits = "", ...rest] = text.split("/");
  return rest.length === 0 && isAddress(address) && /^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (isIPv6(address) ? 128 : 32);
}
