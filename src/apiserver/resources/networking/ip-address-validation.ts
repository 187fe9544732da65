// Behaviour: ValidateIPAddress* in k8s.io/kubernetes/pkg/apis/networking/validation.
import { type FieldError, FieldPath, requiredValue } from "../../../api/field-errors.ts";
import type { IPAddress } from "../../../api/generated/types/networking/v1.ts";
import { canonicalAddress } from "../shared/addresses.ts";
import { dnsSubdomain, immutable, invalidEach } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { nameIsPathSegment } from "../shared/names.ts";
import { requiredPathSegment } from "./typed-reference.ts";

const PATH = new FieldPath("spec").child("parentRef");

/** The name is the address. */
export function nameIsAddress(name: string): string[] {
  return canonicalAddress(name, PATH).map(({ body }) => body.slice(`Invalid value: ${JSON.stringify(name)}: `.length));
}

/** What is wrong with an IPAddress: it belongs to an object. */
export function validateIPAddress({ spec: { parentRef } }: IPAddress): FieldError[] {
  if (parentRef === undefined) return [requiredValue(PATH)];
  const { group, resource = "", namespace, name = "" } = parentRef;
  return [
    ...(group ? dnsSubdomain(group, PATH.child("group")) : []),
    ...requiredPathSegment(resource, PATH.child("resource")),
    ...requiredPathSegment(name, PATH.child("name")),
    ...(namespace ? invalidEach(PATH.child("namespace"), namespace, nameIsPathSegment(namespace, false)) : []),
  ];
}

/** An address stays with its object. */
export function validateIPAddressUpdate(next: IPAddress, old: IPAddress): FieldError[] {
  return immutable(next.spec.parentRef, old.spec.parentRef, PATH, internalForm("networking.v1.ParentReference", next.spec.parentRef));
}
