// Behaviour: k8s.io/apimachinery/pkg/util/validation/ip.go: addresses in the fields that are older than strict rules, and warnings on odd forms.
import { isIP, isIPv6 } from "node:net";
import { type FieldError, type FieldPath, invalidValue } from "../../../api/field-errors.ts";
import { isValidCIDR, isValidIP } from "../../../api/name-validation.ts";

/** The value is an IP address, or one that was there before. */
export function ipAddress(value: string, path: FieldPath, before: readonly string[] = []): FieldError[] {
  if (before.includes(value)) return [];
  if (isIP(withoutLeadingZeros(value)) === 0) return isValidIP(value).map((message) => invalidValue(path, value, message));
  if (isIP(value) === 0) return [invalidValue(path, value, "must not have leading 0s")];
  return isMapped(value) ? [invalidValue(path, value, "must not be an IPv4-mapped IPv6 address")] : [];
}

/** The value is a range of addresses, or one that was there before. */
export function addressRange(value: string, path: FieldPath, before: readonly string[] = []): FieldError[] {
  if (before.includes(value)) return [];
  const [address = "", prefix = ""] = value.split("/");
  const lenient = `${withoutLeadingZeros(address)}/${prefix.replace(/^0+(?=\d)/, "")}`;
  if (isValidCIDR(lenient).length > 0) return isValidCIDR(value).map((message) => invalidValue(path, value, message));
  if (isValidCIDR(value).length > 0) return [invalidValue(path, value, "must not have leading 0s in IP or prefix length")];
  if (isMapped(address)) return [invalidValue(path, value, "must not have an IPv4-mapped IPv6 address")];
  return canonicalIP(address) === networkAddress(address, Number(prefix)) ? [] : [invalidValue(path, value, "must not have bits set beyond the prefix length")];
}

/** The value is an IP address, written as it should be. */
export function canonicalAddress(value: string, path: FieldPath): FieldError[] {
  const errors = ipAddress(value, path);
  if (errors.length > 0 || canonicalIP(value) === value) return errors;
  return [invalidValue(path, value, `must be in canonical form ("${canonicalIP(value)}")`)];
}

/** The value is a range of addresses, written as it should be. */
export function canonicalRange(value: string, path: FieldPath): FieldError[] {
  const errors = addressRange(value, path);
  if (errors.length > 0) return errors;
  const [address = "", prefix = ""] = value.split("/");
  const canonical = `${networkAddress(address, Number(prefix))}/${prefix}`;
  return canonical === value ? [] : [invalidValue(path, value, `must be in canonical form ("${canonical}")`)];
}

/** Whether all addresses of a range, and not all of those in which they lie, are in another; undefined when one is malformed. */
export function isStrictSubset(inner: string, outer: string): boolean | undefined {
  const ranges = [inner, outer].map((range) => {
    const [address = "", prefix = ""] = range.split("/");
    return { address: withoutLeadingZeros(address), length: prefix.replace(/^0+(?=\d)/, "") };
  });
  const [part, whole] = ranges;
  if (part === undefined || whole === undefined || ranges.some(({ address, length }) => isValidCIDR(`${address}/${length}`).length > 0)) return undefined;
  if (isIPv6(part.address) !== isIPv6(whole.address) || Number(whole.length) >= Number(part.length)) return false;
  return networkAddress(part.address, Number(whole.length)) === networkAddress(whole.address, Number(whole.length));
}

/** Warns of an address that is not written as it should be. */
export function ipWarnings(value: string, path: FieldPath): string[] {
  const plain = withoutLeadingZeros(value);
  if (isIP(plain) === 0) return [];
  if (isIP(value) === 0 || isMapped(value)) return [`${path}: non-standard IP address ${JSON.stringify(value)} is invalid: use "${canonicalIP(plain)}"`];
  if (!isIPv6(value) || canonicalIP(value) === value) return [];
  return [`${path}: IPv6 address ${JSON.stringify(value)} should be in RFC 5952 canonical format ("${canonicalIP(value)}")`];
}

/** Warns of a range that is not written as it should be, or has bits of a single address. */
export function cidrWarnings(value: string, path: FieldPath): string[] {
  const [address = "", prefix = ""] = value.split("/");
  const plain = withoutLeadingZeros(address);
  const family = isIP(plain);
  if (family === 0 || isValidCIDR(`${plain}/${prefix.replace(/^0+(?=\d)/, "")}`).length > 0) return [];
  const length = Number(prefix);
  const network = `${networkAddress(plain, length)}/${length}`;
  const warnings: string[] = [];
  if (canonicalIP(plain) !== networkAddress(plain, length)) {
    warnings.push(`${path}: CIDR value ${JSON.stringify(value)} is ambiguous in this context (should be "${network}" or "${canonicalIP(plain)}/${family === 4 ? 32 : 128}"?)`);
  }
  if (isValidCIDR(value).length > 0 || isMapped(address)) warnings.push(`${path}: non-standard CIDR value ${JSON.stringify(value)} is invalid: use "${network}"`);
  if (warnings.length === 0 && family === 6 && network !== value) warnings.push(`${path}: IPv6 CIDR value ${JSON.stringify(value)} should be in RFC 5952 canonical format ("${network}")`);
  return warnings;
}

/** An address as it should be written. */
export function canonicalIP(address: string): string {
  if (!isIPv6(address)) return address;
  if (isMapped(address)) return mappedAddress(address);
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** An address as a number. */
export function addressNumber(address: string): bigint {
  if (!isIPv6(address)) return address.split(".").reduce((number, octet) => number * 256n + BigInt(octet), 0n);
  return expand(canonicalIP(address)).reduce((number, group) => number * 65_536n + BigInt(Number.parseInt(group, 16)), 0n);
}

/** The IPv4 address of a number. */
export function formatIPv4(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 255n)).join(".");
}

/** The first address of the range that an address lies in. */
function networkAddress(address: string, length: number): string {
  const bits = isIPv6(address) ? 128n : 32n;
  const hostBits = bits - BigInt(length);
  const number = (addressNumber(address) >> hostBits) << hostBits;
  if (bits === 32n) return formatIPv4(number);
  const groups = Array.from({ length: 8 }, (_, index) => ((number >> BigInt(112 - 16 * index)) & 65_535n).toString(16));
  return canonicalIP(groups.join(":"));
}

function expand(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  if (tail === undefined) return left;
  const right = tail === "" ? [] : tail.split(":");
  return [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
}

function isMapped(address: string): boolean {
  return isIPv6(address) && /^\[::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}\]$/.test(new URL(`http://[${address}]`).hostname);
}

function mappedAddress(address: string): string {
  const [high = "0", low = "0"] = new URL(`http://[${address}]`).hostname.slice(8, -1).split(":");
  return formatIPv4(BigInt(Number.parseInt(high, 16)) * 65_536n + BigInt(Number.parseInt(low, 16)));
}

function withoutLeadingZeros(address: string): string {
  return /^[0-9.]+$/.test(address) ? address.replaceAll(/(^|\.)0+(?=\d)/g, "$1") : address;
}
