// The certificates and keys of a cluster: made once, read at each start, renewed before they expire.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type KeyPair, type ServingNames, servesNames, staysValid } from "./certificate-checks.ts";
import { writePrivateFile } from "./configuration.ts";

/** Everything that the cluster signs with and shows. */
export interface Pki {
  readonly authority: KeyPair;
  readonly serving: KeyPair;
  /** kubernetes-admin of system:masters. */
  readonly admin: KeyPair;
  /** Signs the certificate that is shown to the servers behind the API server, and nothing else. */
  readonly proxyAuthority: KeyPair;
  /** front-proxy-client. */
  readonly proxyClient: KeyPair;
  /** PEM; signs service account tokens. */
  readonly serviceAccountKey: string;
}

/** The common name that the servers behind the API server take the word of. */
export const PROXY_CLIENT = "front-proxy-client";
const ADMIN = { name: "kubernetes-admin", groups: ["system:masters"] };

/** Reads the PKI in `folder`, making what is missing, runs out or does not serve `names`. */
export async function ensurePki(folder: string, names: ServingNames, now: number): Promise<Pki> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const present = readPki(folder);
  const serves = present.serving !== undefined && servesNames(present.serving.certificate, names, now);
  const identifies = present.admin !== undefined && staysValid(present.admin.certificate, now);
  const proxies = present.proxyAuthority !== undefined && present.proxyClient !== undefined && staysValid(present.proxyClient.certificate, now);
  if (present.authority !== undefined && serves && identifies && proxies && present.serviceAccountKey !== undefined) return present as Pki;
  const { createAuthority, createClientCertificate, createServingCertificate, createSigningKey } = await import("./certificates.ts");
  const authority = present.authority ?? (await createAuthority("skiff-ca", now));
  const trusted = present.authority === undefined ? {} : present;
  const [serving, admin, serviceAccountKey] = await Promise.all([
    (serves && trusted.serving) || createServingCertificate(authority, names, now),
    (identifies && trusted.admin) || createClientCertificate(authority, ADMIN, now),
    present.serviceAccountKey ?? createSigningKey(),
  ]);
  const proxyAuthority = present.proxyAuthority ?? (await createAuthority("front-proxy-ca", now));
  const proxyClient = (proxies && present.proxyClient) || (await createClientCertificate(proxyAuthority, { name: PROXY_CLIENT, groups: [] }, now));
  const pki = { authority, serving, admin, proxyAuthority, proxyClient, serviceAccountKey };
  writePki(folder, pki);
  return pki;
}

const PAIRS = { authority: "ca", serving: "apiserver", admin: "admin", proxyAuthority: "front-proxy-ca", proxyClient: "front-proxy-client" } as const;
const PARTS = ["authority", "serving", "admin", "proxyAuthority", "proxyClient"] as const;
const SIGNING_KEY = "sa.key";

function readPki(folder: string): Partial<Pki> {
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : undefined);
  const pair = (name: string): KeyPair | undefined => {
    const certificate = read(`${name}.crt`);
    const key = read(`${name}.key`);
    return certificate === undefined || key === undefined ? undefined : { certificate, key };
  };
  const serviceAccountKey = read(SIGNING_KEY);
  const pairs = Object.fromEntries(PARTS.map((part) => [part, pair(PAIRS[part])]));
  return { ...pairs, ...(serviceAccountKey !== undefined && { serviceAccountKey }) } as Partial<Pki>;
}

function writePki(folder: string, pki: Pki): void {
  const write = (name: string, content: string) => {
    const file = join(folder, name);
    if (!existsSync(file) || readFileSync(file, "utf8") !== content) writePrivateFile(file, content);
  };
  for (const part of PARTS) {
    write(`${PAIRS[part]}.crt`, pki[part].certificate);
    write(`${PAIRS[part]}.key`, pki[part].key);
  }
  write(SIGNING_KEY, pki.serviceAccountKey);
}
