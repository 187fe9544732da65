import { expect, it } from "vitest";
import { describeSettings, layOut, tableSettings } from "./tab-writer.ts";

it("pads the cells of a table by three, six at least, and not the last one", () => {
  expect(layOut("NAME\tAGE\nweb\t5s\nlonger-name\t10m\n", tableSettings)).toBe("NAME          AGE\nweb           5s\nlonger-name   10m\n");
  expect(layOut("A\tB\tC\n1\t\t3\n", tableSettings)).toBe("A     B     C\n1           3\n");
});

it("keeps widths from one flush to the next", () => {
  const widths: number[] = [];
  layOut("NAME\tAGE\nlonger-name\t1s\n", tableSettings, widths);
  expect(layOut("x\t2s\n", tableSettings, widths)).toBe("x             2s\n");
});

it("ends a column where a line has no such cell", () => {
  expect(layOut("Name:\tx\nLabels:\ta=1\nPlain line\nLong title here:\ty\n", describeSettings)).toBe("Name:    x\nLabels:  a=1\nPlain line\nLong title here:  y\n");
});
