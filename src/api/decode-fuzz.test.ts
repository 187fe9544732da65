import { expect, test } from "vitest";
import { maximalObject } from "../../test/fixtures/maximal-object.ts";
import { DecodeError, decodeTyped } from "./decode.ts";
import { decodeProtobuf, encodeProtobuf } from "./protobuf.ts";

const WRONG_VALUES: readonly unknown[] = [null, true, -1, 1.5, 2 ** 40, 1e300, "", "x", "é\u0000", [], {}, [null], [[]], { a: null }, { "": [] }, "9999999999999999999", "2026-13-45T00:00:00Z"];
const TYPES: readonly (readonly [string, string])[] = [
  ["core.v1.Pod", "v1"],
  ["core.v1.Service", "v1"],
  ["apps.v1.StatefulSet", "apps/v1"],
  ["batch.v1.CronJob", "batch/v1"],
  ["apiextensions.v1.CustomResourceDefinition", "apiextensions.k8s.io/v1"],
  ["networking.v1.Ingress", "networking.k8s.io/v1"],
];

/** A small generator of numbers in [0, 1) that gives the same ones each time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Puts a wrong value, or an odd key, somewhere into a copy of an object. */
function mutated(object: unknown, random: () => number): unknown {
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const copy: unknown = structuredClone(object);
  const places: [Record<string, unknown>, string][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      places.push([value as Record<string, unknown>, key]);
      walk(inner);
    }
  };
  walk(copy);
  const place = pick(places);
  if (place === undefined) return copy;
  const [holder, key] = place;
  if (random() < 0.1 && !Array.isArray(holder)) holder[pick(["__proto__x", "constructor", "toString", "Name", ""]) ?? ""] = pick(WRONG_VALUES);
  else holder[key] = structuredClone(pick(WRONG_VALUES));
  return copy;
}

test("mutated objects are refused, or decode to what decodes to itself, in JSON and in protobuf", () => {
  const random = generator(42);
  let refused = 0;
  for (const [type, apiVersion] of TYPES) {
    const object = maximalObject(type, apiVersion);
    for (let round = 0; round < 250; round++) {
      const candidate = mutated(mutated(object, random), random);
      try {
        const text = JSON.stringify(decodeTyped(type, candidate, { collectUnknownFields: true }).object);
        expect(JSON.stringify(decodeTyped(type, JSON.parse(text)).object)).toBe(text);
        const decoded = JSON.parse(text) as { apiVersion?: string; kind?: string };
        if (decoded.apiVersion !== apiVersion || decoded.kind !== type.split(".")[2]) continue;
        expect(JSON.stringify(decodeTyped(type, decodeProtobuf(encodeProtobuf(decoded))).object)).toBe(text);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        refused++;
      }
    }
  }
  expect(refused).toBeGreaterThan(300);
});
