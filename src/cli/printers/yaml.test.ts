import { expect, it } from "vitest";
import { compareKeys, formatYaml } from "./yaml.ts";

it("quotes what would be read as something else, as the real kubectl does", () => {
  const written = {
    true: "true", yes: "y", null: "null", tilde: "~", int: "1", float: "1.5", exponent: "1e3", octal: "0777", hex: "0x1f", sexagesimal: "1:20", date: "2020-01-01",
    time: "2020-01-01T00:00:00Z", infinity: ".inf", merge: "<<", equals: "=", almost: "1e", plus: "+1", underscore: "1_000", dot: ".5",
  };
  expect(formatYaml(written)).toBe(`almost: 1e
date: "2020-01-01"
dot: ".5"
equals: =
exponent: "1e3"
float: "1.5"
hex: "0x1f"
infinity: ".inf"
int: "1"
merge: <<
"null": "null"
octal: "0777"
plus: "+1"
sexagesimal: "1:20"
tilde: "~"
time: "2020-01-01T00:00:00Z"
"true": "true"
underscore: "1_000"
"yes": "y"
`);
});

it("chooses the style that can carry a text", () => {
  const written = {
    a: "- a", b: "a: b", c: "a #b", d: "it's", e: "'a'", f: "a\tb", g: " a", h: "", i: "one\ntwo\n", j: "one\ntwo", k: "\none\n  two\n\n", l: " lead\nx", m: "a \nb", n: "😀", o: "x\u0000", p: "a\r\nb",
  };
  expect(formatYaml(written)).toBe(`a: '- a'
b: 'a: b'
c: 'a #b'
d: it's
e: '''a'''
f: "a\\tb"
g: ' a'
h: ""
i: |
  one
  two
j: |-
  one
  two
k: |2+

  one
    two

l: |2-
   lead
  x
m: "a \\nb"
"n": "\\U0001F600"
o: "x\\0"
p: "a\\r\\nb"
`);
});

it("breaks long lines behind the eightieth column", () => {
  const words = "aaaaaaaaa bbbbbbbbbbbbb cccccccccccc dddddddddddddd eeeeeeeeeeeeeeeeeeee ffffffffffffffff gggggggggggg hhhhhhhhhhhh";
  expect(formatYaml({ data: { long: words, longcolon: words.replace(" ", ": ") } })).toBe(`data:
  long: aaaaaaaaa bbbbbbbbbbbbb cccccccccccc dddddddddddddd eeeeeeeeeeeeeeeeeeee ffffffffffffffff
    gggggggggggg hhhhhhhhhhhh
  longcolon: 'aaaaaaaaa: bbbbbbbbbbbbb cccccccccccc dddddddddddddd eeeeeeeeeeeeeeeeeeee
    ffffffffffffffff gggggggggggg hhhhhhhhhhhh'
`);
});

it("writes lists below their key, and empty ones on its line", () => {
  expect(formatYaml({ a: [1, { b: [], c: {} }, [true]], d: null, e: 12345678.5 })).toBe(`a:
- 1
- b: []
  c: {}
- - true
d: null
e: 1.23456785e+07
`);
});

it("orders keys with numbers by value and letters last", () => {
  expect(["a10", "a9", "A", "_a", "a.b", "a-b", "aB", "10", "9", "-1"].sort(compareKeys)).toEqual(["-1", "_a", "9", "10", "A", "a-b", "a.b", "a9", "a10", "aB"]);
});
