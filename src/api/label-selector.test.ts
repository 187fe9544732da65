import { describe, expect, it } from "vitest";
import { labelSelector, parseLabelSelector } from "./label-selector.ts";

describe("parseLabelSelector", () => {
  it.each([
    ["a=b", { a: "b" }, true],
    ["a==b", { a: "c" }, false],
    ["a!=b", {}, true],
    ["a in (b, c)", { a: "c" }, true],
    ["a notin (b,c)", { a: "c" }, false],
    ["a", { a: "" }, true],
    ["!a", { a: "" }, false],
    ["a>1,b<5", { a: "2", b: "4" }, true],
    ["a>1", { a: "x" }, false],
    ["x in (in,notin)", { x: "notin" }, true],
    ["a=", { a: "" }, true],
    ["a in (,b)", { a: "" }, true],
    ["", { a: "b" }, true],
  ])("%s of %j is %s", (text, labels, expected) => {
    expect(parseLabelSelector(text).matches(labels)).toBe(expected);
  });

  it.each([
    ["a in", "unable to parse requirement: found '' expected: '('"],
    ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ["a=b,", "found '', expected: identifier after ','"],
    [",a", "found ',', expected: !, identifier, or 'end of string'"],
    ["a=b=c", "found '=', expected: ',' or 'end of string'"],
    ["a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'"],
  ])("refuses %s", (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(message);
  });

  it("prints what it parses", () => {
    expect(parseLabelSelector("z notin (b,a), !y,x, w=1,v>2").toString()).toBe("v>2,w=1,x,!y,z notin (a,b)");
  });
});

describe("labelSelector", () => {
  it("selects nothing when absent and everything when empty", () => {
    expect(labelSelector(undefined).matches({})).toBe(false);
    expect(labelSelector({}).matches({ a: "b" })).toBe(true);
  });

  it("joins matchLabels and matchExpressions", () => {
    const selector = labelSelector({ matchLabels: { a: "b" }, matchExpressions: [{ key: "c", operator: "NotIn", values: ["d"] }] });
    expect(selector.matches({ a: "b" })).toBe(true);
    expect(selector.matches({ a: "b", c: "d" })).toBe(false);
    expect(selector.toString()).toBe("a=b,c notin (d)");
  });
});
