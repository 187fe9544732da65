// Behaviour: encoding/pem and crypto/x509 as k8s.io/kubernetes/pkg/apis/certificates uses them: what is in requests and certificates.
import { createPublicKey, verify, X509Certificate } from "node:crypto";

/** One block of a PEM text. */
interface PemBlock {
  readonly type: string;
  readonly hasHeaders: boolean;
  readonly bytes: Buffer;
}

/** What is wrong with a certificate request, which is PEM in base64; undefined when nothing is. */
export function requestProblem(base64: string): string | undefined {
  const [block] = pemBlocks(base64);
  if (block?.type !== "CERTIFICATE REQUEST") return "PEM block type must be CERTIFICATE REQUEST";
  try {
    return isSignedByItself(block.bytes) ? undefined : "x509: signature does not match the request's public key";
  } catch {
    return "asn1: structure error: malformed certificate request";
  }
}

/** What is wrong with a chain of certificates, which is PEM in base64; undefined when nothing is. */
export function chainProblem(base64: string): string | undefined {
  const blocks = pemBlocks(base64);
  for (const { type, hasHeaders, bytes } of blocks) {
    if (type !== "CERTIFICATE") return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (hasHeaders) return "no PEM block headers are permitted";
    if (bytes.length === 0) return "found CERTIFICATE PEM block containing 0 certificates";
    if (!isCertificate(bytes)) return "x509: malformed certificate";
  }
  return blocks.length === 0 ? "must contain at least one CERTIFICATE PEM block" : undefined;
}

function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).serialNumber !== "";
  } catch {
    return false;
  }
}

function pemBlocks(base64: string): PemBlock[] {
  const text = Buffer.from(base64, "base64").toString("latin1");
  const pattern = /^-----BEGIN ([^\n]*?)-----[ \t]*\r?\n((?:[^\n]*:[^\n]*\n)*)([A-Za-z0-9+/=\s]*?)-----END \1-----[ \t]*\r?$/gm;
  return [...text.matchAll(pattern)].map(([, type = "", headers = "", body = ""]) => ({ type, hasHeaders: headers !== "", bytes: Buffer.from(body, "base64") }));
}

/** DER's tags of what a request is made of. */
const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;

/** The hash of a signature algorithm, by its object identifier in hexadecimal: RSA, ECDSA, Ed25519. */
const HASHES: Readonly<Record<string, string | null>> = {
  "2a864886f70d010105": "sha1",
  "2a864886f70d01010b": "sha256",
  "2a864886f70d01010c": "sha384",
  "2a864886f70d01010d": "sha512",
  "2a8648ce3d0401": "sha1",
  "2a8648ce3d040302": "sha256",
  "2a8648ce3d040303": "sha384",
  "2a8648ce3d040304": "sha512",
  "2b6570": null,
};

/** PKCS #10: a sequence of what is signed (version, subject, public key, attributes), the algorithm and the signature. */
function isSignedByItself(der: Buffer): boolean {
  const [request] = elements(der);
  const [signed, algorithm, signature] = elements(contentOf(request, SEQUENCE));
  const [, , publicKey] = elements(contentOf(signed, SEQUENCE));
  const [identifier] = elements(contentOf(algorithm, SEQUENCE));
  const hash = HASHES[contentOf(identifier, OBJECT_IDENTIFIER).toString("hex")];
  if (hash === undefined || signed === undefined || signature === undefined || publicKey === undefined) throw new TypeError("malformed");
  const key = createPublicKey({ key: publicKey.whole, format: "der", type: "spki" });
  // The first byte of a bit string counts the bits that are left over.
  return verify(hash, signed.whole, key, signature.content.subarray(1));
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

function contentOf(element: Element | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw new TypeError("malformed");
  return element.content;
}

function elements(der: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < der.length; ) {
    const first = der.readUInt8(at + 1);
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    const start = at + 2 + lengthBytes;
    const end = start + (lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes));
    if (end > der.length) throw new RangeError("truncated");
    found.push({ tag: der.readUInt8(at), content: der.subarray(start, end), whole: der.subarray(at, end) });
    at = end;
  }
  return found;
}
