import { describe, expect, it } from "vitest";
import { parseQuantity, Quantity } from "./quantity.ts";

describe("parseQuantity", () => {
  it.each([
    ["0", "0"], ["100m", "100m"], ["0.1", "100m"], ["1000m", "1"], ["1.5Gi", "1536Mi"], ["1024", "1024"], ["1024Ki", "1Mi"],
    ["1000k", "1M"], ["12e6", "12e6"], ["1E3", "1e3"], ["1E", "1E"], ["0.5Ki", "512"], ["-1", "-1"], ["+2", "2"], [".5", "500m"], ["5.", "5"],
    ["1n", "1n"], ["0.1n", "1n"], ["9007199254740988Ki", "9007199254740988Ki"], ["1.5", "1500m"], ["100Mi", "100Mi"], ["1Ki", "1Ki"],
  ])("%s prints as %s", (text, canonical) => {
    expect(parseQuantity(text).toString()).toBe(canonical);
  });

  it.each(["", "a", "1x", "1..2", "1KiB", "--1", "1 Gi", "e3", ".", "1ee3"])("refuses %j", (text) => {
    expect(() => parseQuantity(text)).toThrow(/quantit/);
  });
});

describe("Quantity", () => {
  it("adds, subtracts and compares exactly", () => {
    const sum = parseQuantity("100m").add(parseQuantity("0.9"));
    expect(sum.toString()).toBe("1");
    expect(sum.cmp(Quantity.of(1))).toBe(0);
    expect(parseQuantity("1Gi").sub(parseQuantity("1Mi")).toString()).toBe("1023Mi");
    expect(parseQuantity("1").cmp(parseQuantity("1001m"))).toBe(-1);
  });

  it("rounds values up", () => {
    expect(parseQuantity("1500m").value()).toBe(2n);
    expect(parseQuantity("1u").milliValue()).toBe(1n);
  });
});
