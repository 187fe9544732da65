import { expect, it } from "vitest";
import { escapeValue, parseFieldSelector } from "./field-selector.ts";

const pod: Record<string, string> = { "metadata.name": "a", "status.phase": "Running", odd: "x,y=z\\" };
const get = (field: string) => pod[field] ?? "";

it.each([
  ["metadata.name=a,status.phase!=Pending", true],
  ["metadata.name==b", false],
  ["", true],
  ["missing=", true],
  [`odd=${escapeValue("x,y=z\\")}`, true],
])("%s is %s", (text, expected) => {
  expect(parseFieldSelector(text).matches(get)).toBe(expected);
});

it("finds the value a field must have", () => {
  expect(parseFieldSelector("a!=b,metadata.name=x").requiresExactMatch("metadata.name")).toBe("x");
  expect(parseFieldSelector("metadata.name!=x").requiresExactMatch("metadata.name")).toBeUndefined();
});

it.each([
  ["abc", "invalid selector: 'abc'; can't understand 'abc'"],
  ["a=b\\c", "invalid field selector: invalid escape sequence: \\c"],
  ["a=b=c", "invalid field selector: unescaped character in value: 61"],
])("refuses %s", (text, message) => {
  expect(() => parseFieldSelector(text)).toThrow(message);
});
