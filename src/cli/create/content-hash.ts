// Behaviour: k8s.io/kubectl/pkg/util/hash: --append-hash, a hash of the content as part of the name.
import { createHash } from "node:crypto";
import { encodeGoJson } from "../../api/patch/json-value.ts";

/** Hex digits that could make words, and what stands for them. */
const SUBSTITUTES: Readonly<Record<string, string>> = { 0: "g", 1: "h", 3: "k", a: "m", e: "t" };

/** The name with ten letters that stand for what the object holds; `content` has its kind, name and data. */
export function hashedName(name: string, content: Readonly<Record<string, unknown>>): string {
  const digest = createHash("sha256").update(encodeGoJson(content)).digest("hex");
  return `${name}-${digest.slice(0, 10).replaceAll(/[013ae]/g, (digit) => SUBSTITUTES[digit] ?? digit)}`;
}
