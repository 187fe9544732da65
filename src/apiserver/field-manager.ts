// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/create.go managerOrUserAgent: under whose name fields are owned.
import type { UnstructuredObject } from "../api/object.ts";
import type { Call } from "./call.ts";
import type { WriteOptions } from "./options.ts";

/** Keeps metadata.managedFields: who set which field. */
export interface FieldManager {
  /** Notes in `next` what a write changes, from what is there (undefined for a creation). */
  trackUpdate(call: Call, existing: UnstructuredObject | undefined, next: UnstructuredObject, options: WriteOptions): void;
  /** Reads the body of an apply patch; throws a StatusError. */
  decodeConfiguration(call: Call, options: WriteOptions): UnstructuredObject;
  /** Applies a configuration to what is there, server-side; throws a StatusError for conflicts. */
  apply(call: Call, existing: UnstructuredObject | undefined, configuration: UnstructuredObject, options: WriteOptions): UnstructuredObject;
}

/** The manager that the client names, else the first part of its user agent. */
export function managerName(call: Call, options: WriteOptions): string {
  if (options.fieldManager !== "") return options.fieldManager;
  const agent = (call.request.headers["user-agent"] ?? "").split("/", 1)[0] ?? "";
  return [...agent].slice(0, 128).join("") || "unknown";
}
