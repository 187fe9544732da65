// Behaviour: k8s.io/apimachinery/pkg/util/rand and pkg/util/uuid.
import { randomInt, randomUUID } from "node:crypto";

/** Kubernetes' alphabet for generated names: no vowels and no look-alikes, so that no words come out. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** The only source of randomness outside this folder. */
export interface Ids {
  /** A version 4 UUID. */
  uid(): string;
  /** `length` characters of Kubernetes' alphabet for generated names. */
  suffix(length: number): string;
  /** A fraction in [0, 1), for jitter. */
  fraction(): number;
}

/** Ids from the operating system's randomness. */
export const randomIds: Ids = {
  uid: () => randomUUID(),
  suffix: (length) => Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join(""),
  fraction: () => randomInt(2 ** 32) / 2 ** 32,
};

/** Ids that repeat from run to run, for tests: counters in the right shape. */
export function sequentialIds(): Ids {
  let count = 0;
  return {
    uid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, "0")}`,
    suffix: (length) => safeEncode(String(++count).padStart(length, "0").slice(-length)),
    fraction: () => 0.5,
  };
}

/** Maps any text onto the alphabet of generated names, character by character (rand.SafeEncodeString). */
export function safeEncode(text: string): string {
  return [...text].map((character) => ALPHABET[(character.codePointAt(0) ?? 0) % ALPHABET.length]).join("");
}
