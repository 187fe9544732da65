import { expect, it } from "vitest";
import { JsonPath, relaxedPath } from "./jsonpath.ts";

const list = {
  kind: "List",
  items: [
    { metadata: { name: "a", labels: { "app.kubernetes.io/name": "x" } }, spec: { replicas: 1, ports: [80, 443] } },
    { metadata: { name: "b" }, spec: { replicas: 3, ports: [8080] } },
  ],
};

const print = (template: string, data: unknown = list, allowMissing = true) => new JsonPath(template, allowMissing).print(data);

it("finds fields, items, slices and unions", () => {
  expect(print("{.items[0].metadata.name}")).toBe("a");
  expect(print("{.items[*].metadata.name}")).toBe("a b");
  expect(print("{.items[-1:].metadata.name}")).toBe("b");
  expect(print("{.items[0].spec.ports[0:2]}")).toBe("80 443");
  expect(print("{.items[*]['metadata.name','spec.replicas']}")).toBe("a b 1 3");
  expect(print("{..replicas}")).toBe("1 3");
  expect(print("{.items[0].metadata.labels.app\\.kubernetes\\.io/name}")).toBe("x");
});

it("filters by comparison and by presence", () => {
  expect(print("{.items[?(@.spec.replicas>1)].metadata.name}")).toBe("b");
  expect(print('{.items[?(@.metadata.name=="a")].spec.replicas}')).toBe("1");
  expect(print("{.items[?(@.metadata.labels)].metadata.name}")).toBe("a");
});

it("ranges, and prints what stands between", () => {
  expect(print('{range .items[*]}{.metadata.name}{"\\t"}{.spec.replicas}{"\\n"}{end}done')).toBe("a\t1\nb\t3\ndone");
});

it("prints objects as JSON and scalars as they are", () => {
  expect(print("{.items[0].spec}")).toBe('{"ports":[80,443],"replicas":1}');
  expect(new JsonPath("{.items[*].metadata.name}", true).printAsJson(list)).toBe('[\n    "a",\n    "b"\n]\n');
});

it("says what is wrong in upstream's words", () => {
  expect(() => print("{.items")).toThrow("unclosed action");
  expect(() => print("{.items[0}")).toThrow("unterminated array");
  expect(() => print("{.items[5]}")).toThrow("array index out of bounds: index 5, length 2");
  expect(() => print("{.nothing}", list, false)).toThrow("nothing is not found");
  expect(() => print("{end}")).toThrow("not in range, nothing to end");
});

it("accepts paths without braces or dot", () => {
  expect(relaxedPath("metadata.name")).toBe("{.metadata.name}");
  expect(relaxedPath("{.metadata.name}")).toBe("{.metadata.name}");
  expect(relaxedPath("{a}{b}")).toBeUndefined();
});
