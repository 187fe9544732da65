import { expect, it } from "vitest";
import { argumentPlaces, parseCommandLine } from "./command-line.ts";
import { boolFlag, durationFlag, intFlag, stringArrayFlag, stringFlag, stringSliceFlag } from "./flags.ts";

const table = {
  output: stringFlag("", { shorthand: "o" }),
  watch: boolFlag("", { shorthand: "w" }),
  "all-namespaces": boolFlag("", { shorthand: "A" }),
  tail: intFlag("", { default: -1 }),
  v: intFlag("", { shorthand: "v", bits: 32 }),
  "dry-run": stringFlag("", { default: "none", bare: "unchanged" }),
  columns: stringSliceFlag("", { shorthand: "L" }),
  env: stringArrayFlag(""),
  timeout: durationFlag(""),
};

const parse = (...words: string[]) => {
  const { flags, args, dashAt } = parseCommandLine(table, words);
  return { ...flags.values, args, dashAt };
};

it("reads values in every spelling", () => {
  for (const words of [["-o", "json"], ["-ojson"], ["-o=json"], ["--output", "json"], ["--output=json"]]) expect(parse(...words)).toMatchObject({ output: "json", args: [] });
  expect(parse("-wA", "pods")).toMatchObject({ watch: true, "all-namespaces": true, args: ["pods"] });
  expect(parse("-wo", "yaml")).toMatchObject({ watch: true, output: "yaml" });
  expect(parse("--all_namespaces")).toMatchObject({ "all-namespaces": true });
  expect(parse("--watch=false", "--tail=-5", "--tail", "0x10")).toMatchObject({ watch: false, tail: 16 });
});

it("takes bare flags as they are and leaves the next word alone", () => {
  expect(parse("--dry-run", "client")).toMatchObject({ "dry-run": "unchanged", args: ["client"] });
  expect(parse("--dry-run=client")).toMatchObject({ "dry-run": "client" });
});

it("collects lists, with CSV's quotes where commas part them", () => {
  expect(parse("-L", "a,b", "-L", '"c,d",e')).toMatchObject({ columns: ["a", "b", "c,d", "e"] });
  expect(parse("--env=a=1,2", "--env", "b=3")).toMatchObject({ env: ["a=1,2", "b=3"] });
});

it("ends flags at --", () => {
  expect(parse("pod", "--", "-o", "x")).toMatchObject({ args: ["pod", "-o", "x"], dashAt: 1, output: "" });
});

it("says what is wrong in pflag's words", () => {
  expect(() => parse("--nothing")).toThrow("unknown flag: --nothing");
  expect(() => parse("-wZ")).toThrow("unknown shorthand flag: 'Z' in -Z");
  expect(() => parse("-o")).toThrow("flag needs an argument: 'o' in -o");
  expect(() => parse("--output")).toThrow("flag needs an argument: --output");
  expect(() => parse("--=x")).toThrow("bad flag syntax: --=x");
  expect(() => parse("--tail=x")).toThrow('invalid argument "x" for "--tail" flag: strconv.ParseInt: parsing "x": invalid syntax');
  expect(() => parse("-v", "99999999999")).toThrow('invalid argument "99999999999" for "-v, --v" flag: strconv.ParseInt: parsing "99999999999": value out of range');
  expect(() => parse("-w=maybe")).toThrow('invalid argument "maybe" for "-w, --watch" flag: strconv.ParseBool: parsing "maybe": invalid syntax');
  expect(() => parse("--timeout=5")).toThrow('invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"');
});

it("finds arguments between flags and their values", () => {
  expect(argumentPlaces(table, ["-o", "json", "get", "-w", "pods", "--", "x"])).toEqual([2, 4]);
});
