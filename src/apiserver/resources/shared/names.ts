// Behaviour: k8s.io/apimachinery/pkg/api/validation/name.go: how names of objects are checked, and the prefixes of generated ones.
import { isDNS1123Label, isDNS1123Subdomain } from "../../../api/name-validation.ts";

/** A check of a name; with `prefix` the name is a generateName, whose end may be a dash. */
export type NameValidation = (name: string, prefix: boolean) => string[];

/** The names of most objects. */
export const nameIsDNSSubdomain: NameValidation = (name, prefix) => isDNS1123Subdomain(prefix ? maskTrailingDash(name) : name);

/** The names of namespaces. */
export const nameIsDNSLabel: NameValidation = (name, prefix) => isDNS1123Label(prefix ? maskTrailingDash(name) : name);

/** Names that only need to fit into a path: those of events. */
export const nameIsPathSegment: NameValidation = (name, prefix) => {
  if (!prefix && (name === "." || name === "..")) return [`may not be '${name}'`];
  return ["/", "%"].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
};

/** What follows the dash of a prefix makes it a name. */
function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
}
