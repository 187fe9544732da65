import { describe, expect, it } from "vitest";
import {
  difference, differenceBelow, type FieldSet, hasPath, intersection, parseFieldSet, pathsOf, setOfPaths, union,
} from "./field-set.ts";
import { comparePathElements, formatPath, keyElement, parsePathElement, valueElement } from "./path-element.ts";

const set = (...paths: string[][]): FieldSet => setOfPaths(...paths);

describe("field sets", () => {
  const a = set(["f:a"], ["f:a", "f:b"], ["f:c", "f:d"]);
  const b = set(["f:a", "f:b"], ["f:c"], ["f:e"]);

  it("tell members from steps on the way", () => {
    expect(a).toEqual({ "f:a": { ".": {}, "f:b": {} }, "f:c": { "f:d": {} } });
    expect(hasPath(a, ["f:a"])).toBe(true);
    expect(hasPath(a, ["f:c"])).toBe(false);
    expect(hasPath(a, [])).toBe(false);
    expect([...pathsOf(a)]).toEqual([["f:a"], ["f:a", "f:b"], ["f:c", "f:d"]]);
  });

  it("are joined, intersected and subtracted", () => {
    expect(union(a, b)).toEqual(set(["f:a"], ["f:a", "f:b"], ["f:c"], ["f:c", "f:d"], ["f:e"]));
    expect(intersection(a, b)).toEqual(set(["f:a", "f:b"]));
    expect(difference(a, b)).toEqual(set(["f:a"], ["f:c", "f:d"]));
    expect(differenceBelow(a, b)).toEqual(set(["f:a"]));
    expect(JSON.stringify(union(a, b))).toBe(JSON.stringify(union(b, a)));
    expect(difference(a, a)).toEqual({});
    expect(difference(a, set(["f:a"]))).toEqual(set(["f:a", "f:b"], ["f:c", "f:d"]));
  });

  it("are written in one order, whoever adds to them", () => {
    const ports = [443, 80, 8080].map((port) => set([keyElement([["port", port]])]));
    expect(Object.keys([...ports, set(["f:z"]), set(["v:2"]), set(["v:10"])].reduceRight(union))).toEqual([
      "f:z", 'k:{"port":80}', 'k:{"port":443}', 'k:{"port":8080}', "v:2", "v:10",
    ]);
  });

  it("are read from what clients send", () => {
    const parsed = parseFieldSet({ "f:b": {}, "x:later": {}, "f:a": { ".": {}, 'k:{"protocol": "TCP", "port": 80}': {} } });
    expect(JSON.stringify(parsed)).toBe('{"f:a":{".":{},"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{}},"f:b":{}}');
    for (const malformed of [{ f: {} }, { fa: {} }, { "k:{": {} }, { "f:a": 1 }, { "i:x": {} }]) expect(() => parseFieldSet(malformed)).toThrow();
  });
});

it("orders and prints path elements", () => {
  expect(["i:10", "i:9", valueElement("b"), valueElement(3), keyElement([["name", "b"]]), keyElement([["name", "a"], ["x", 1]]), "f:b"].sort(comparePathElements)).toEqual([
    "f:b", 'k:{"name":"a","x":1}', 'k:{"name":"b"}', "v:3", 'v:"b"', "i:9", "i:10",
  ]);
  expect(formatPath(["f:spec", 'k:{"containerPort":80,"protocol":"TCP"}', 'v:"x"', "i:0"])).toBe('.spec[containerPort=80,protocol="TCP"][="x"][0]');
  expect(parsePathElement('v:"a<b"')).toBe('v:"a\\u003cb"');
});
