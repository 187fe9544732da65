import { expect, test } from "vitest";
import { duplicateKeys, JSONSyntaxError, parseJSON } from "./json-syntax.ts";

test.each([
  ["{bad", "invalid character 'b' looking for beginning of object key string"],
  ["", "unexpected end of JSON input"],
  ['{"a":1', "unexpected end of JSON input"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
  ["[1 2]", "invalid character '2' after array element"],
  ["{} x", "invalid character 'x' after top-level value"],
  ["nul!", "invalid character '!' in literal null (expecting 'l')"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ["-", "unexpected end of JSON input"],
  ["[1.]", "invalid character ']' after decimal point in numeric literal"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
])("%j is refused in Go's words", (text, message) => {
  expect(() => parseJSON(text)).toThrow(new JSONSyntaxError(message));
});

test("texts that nest too deeply are refused", () => {
  expect(() => parseJSON("[".repeat(100_000))).toThrow("exceeded max depth");
  expect(parseJSON(`["${"[".repeat(10_000)}"]`)).toHaveLength(1);
});

test("keys that stand twice are named with their path", () => {
  const text = '{"a":{"b":1,"b":{"c":":"}},"l":[{}, {"x":1,"y":"\\"{","x":2}],"a":null}';
  expect(duplicateKeys(text, JSON.parse(text))).toEqual([["a", "b"], ["l", 1, "x"], ["a"]]);
  expect(duplicateKeys('{"a":{"b":1},"c":{"b":":"}}', { a: { b: 1 }, c: { b: ":" } })).toEqual([]);
});
