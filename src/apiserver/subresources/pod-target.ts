// Subresources act on the pods of the server's table, whatever path they came by.
import { pathNotFound } from "../../api/errors.ts";
import type { Call } from "../call.ts";
import type { Resource } from "../resource.ts";

/** The record of pods; throws a StatusError (404) in a server that has none. */
export function podsOf(call: Call): Resource {
  const pods = call.parts.resources.find("", "v1", "pods");
  if (pods === undefined) throw pathNotFound();
  return pods;
}
