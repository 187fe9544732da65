// What can be told of certificates without the library that makes them, which is slow to load.
import { X509Certificate } from "node:crypto";

const DAY_MS = 86_400_000;

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Who a client certificate speaks for: its common name and organizations. */
export interface CertificateSubject {
  readonly name: string;
  readonly groups: readonly string[];
}

/** The names and addresses that a serving certificate is good for. */
export interface ServingNames {
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
}

/** Whether a serving certificate is good for every name and address, and for another 30 days. */
export function servesNames(certificate: string, names: ServingNames, now: number): boolean {
  const parsed = new X509Certificate(certificate);
  return staysValid(certificate, now) && names.dnsNames.every((name) => parsed.checkHost(name)) && names.addresses.every((address) => parsed.checkIP(address));
}

/** Whether a certificate is good for another 30 days. */
export function staysValid(certificate: string, now: number): boolean {
  return Date.parse(new X509Certificate(certificate).validTo) > now + 30 * DAY_MS;
}
