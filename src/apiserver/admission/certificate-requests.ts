// What a certificate request asks for; apart, since the library that reads it is slow to load and rarely needed.
import "reflect-metadata";
import { Pkcs10CertificateRequest } from "@peculiar/x509";

/** The organizations of a request's subject; `encoded` is the PEM in base64. Throws an Error when it is no request. */
export function requestedOrganizations(encoded: string): string[] {
  return new Pkcs10CertificateRequest(Buffer.from(encoded, "base64").toString()).subjectName.getField("O");
}
