// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_secret_tls.go.
import { X509Certificate, createPrivateKey } from "node:crypto";
import { secrets } from "../../../../api/resource-refs.ts";
import { defineCreate } from "../../../create/create-command.ts";
import { readAll } from "../../../create/key-sources.ts";
import { secretOf } from "../../../create/secret-data.ts";
import { CommandError, messageOf } from "../../../errors.ts";
import { boolFlag, stringFlag } from "../../../flags.ts";

export default defineCreate({
  use: "tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]",
  summary: "Create a TLS secret",
  description: "The certificate is in PEM and belongs to the key.",
  examples: `
    # A certificate and its key
    kubectl create secret tls web --cert=tls.crt --key=tls.key`,
  flags: {
    "append-hash": boolFlag("Make a hash of the content part of the name."),
    cert: stringFlag("File of the certificate in PEM."),
    key: stringFlag("File of the certificate's private key."),
  },
  resource: secrets,
  failure: "failed to create secret ",
  validate({ values }) {
    if (values.key === "" || values.cert === "") throw new CommandError("key and cert must be specified");
  },
  build({ name, namespace, values }) {
    const certificate = readPem(values.cert);
    const key = readPem(values.key);
    checkPair(certificate, key);
    const data = { "tls.crt": certificate.toString("base64"), "tls.key": key.toString("base64") };
    return secretOf(name, namespace, "kubernetes.io/tls", data, values["append-hash"]);
  },
});

function readPem(path: string): Buffer {
  try {
    return readAll(path);
  } catch (error) {
    throw new CommandError(`Cannot read file ${path}, ${messageOf(error)}`);
  }
}

/** Throws in the words of Go's tls.X509KeyPair when the two do not go together. */
function checkPair(certificate: Buffer, key: Buffer): void {
  if (!certificate.includes("-----BEGIN CERTIFICATE-----")) throw new CommandError(`tls: failed to find any PEM data in certificate input`);
  if (!/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(key.toString("latin1"))) throw new CommandError("tls: failed to find any PEM data in key input");
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(certificate);
  } catch {
    throw new CommandError("x509: malformed certificate");
  }
  let matches = false;
  try {
    matches = parsed.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new CommandError("tls: failed to parse private key");
  }
  if (!matches) throw new CommandError("tls: private key does not match public key");
}
