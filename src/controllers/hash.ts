// Behaviour: pkg/controller/controller_utils.go (ComputeHash): short hashes for the names of what controllers make.
import { safeEncode } from "../util/ids.ts";

/** The FNV-32a hash over `text` and the collision count, in the alphabet of generated names. */
export function shortHash(text: string, collisionCount: number | undefined): string {
  let hash = 0x811c9dc5;
  const bytes = Buffer.from(collisionCount === undefined ? text : `${text}${collisionCount}`);
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return safeEncode(String(hash));
}
