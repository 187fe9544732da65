// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_secret.go: the data of a new secret.
import { isConfigMapKey } from "../../api/name-validation.ts";
import { CommandError } from "../errors.ts";
import { hashedName } from "./content-hash.ts";
import { metadataOf } from "./create-command.ts";
import type { KeyContent } from "./key-sources.ts";

/** Gathers keys; throws CommandErrors for bad ones and for those that come twice. */
export function secretData(contents: readonly KeyContent[]): Record<string, string> {
  const data: Record<string, string> = {};
  for (const { key, content } of contents) {
    const problems = isConfigMapKey(key);
    if (problems.length > 0) throw new CommandError(`${JSON.stringify(key)} is not valid key name for a Secret ${problems.join(";")}`);
    if (Object.hasOwn(data, key)) throw new CommandError(`cannot add key ${key}, another key by that name already exists`);
    data[key] = content.toString("base64");
  }
  return data;
}

/** A secret's fields, its name with a hash when asked for. */
export function secretOf(name: string, namespace: string, type: string, data: Record<string, string>, appendHash: boolean): object {
  const finalName = appendHash ? hashedName(name, { kind: "Secret", type, name, data }) : name;
  return { metadata: metadataOf(finalName, namespace), ...(type !== "" && { type }), ...(Object.keys(data).length > 0 && { data }) };
}
