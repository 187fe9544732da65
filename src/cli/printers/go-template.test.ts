import { expect, it } from "vitest";
import { GoTemplate } from "./go-template.ts";

const data = { name: "web", count: 3, ratio: 1.5, items: [{ n: "a", ok: true }, { n: "b", ok: false }], labels: { b: "2", a: "1" }, empty: [], secret: "cGFzcw==" };

function run(template: string, allowMissing = true): string {
  const out: string[] = [];
  new GoTemplate(template, allowMissing).execute(data, (text) => out.push(text));
  return out.join("");
}

it("prints fields, missing ones as <no value>", () => {
  expect(run("{{.name}} {{.count}} {{.ratio}} {{.nothing}} {{.labels}}")).toBe("web 3 1.5 <no value> map[a:1 b:2]");
});

it("ranges over lists and maps, with variables and else", () => {
  expect(run('{{range .items}}{{.n}}{{if .ok}}+{{else}}-{{end}} {{end}}')).toBe("a+ b- ");
  expect(run("{{range $k, $v := .labels}}{{$k}}={{$v}};{{end}}")).toBe("a=1;b=2;");
  expect(run("{{range .empty}}x{{else}}none{{end}}")).toBe("none");
  expect(run("{{range .items}}{{if .ok}}{{continue}}{{end}}{{.n}}{{break}}{{end}}")).toBe("b");
  expect(run('{{$x := "1"}}{{range .items}}{{$x = .n}}{{end}}{{$x}}')).toBe("b");
});

it("calls functions and pipes", () => {
  expect(run('{{printf "%s-%03d %v" .name .count .items | len}}')).toBe("44");
  expect(run('{{.secret | base64decode}} {{index .items 1 "n"}} {{len .name}} {{eq .name "x" "web"}} {{lt .count 5}}')).toBe("pass b 3 true true");
  expect(run('{{if and .count (not .empty)}}yes{{end}} {{or .empty "default"}} {{exists . "labels" "a"}}')).toBe("yes default true");
  expect(run('{{with .labels}}{{.a}}{{end}}{{define "t"}}<{{.}}>{{end}}{{template "t" .name}}')).toBe("1<web>");
});

it("trims space at markers and leaves comments out", () => {
  expect(run("a  {{- /* nothing */ -}}  b {{- .name -}} c")).toBe("abwebc");
});

it("reports errors as Go does", () => {
  expect(() => run("{{.name")).toThrow("template: output:1: unclosed action");
  expect(() => run("{{nope}}")).toThrow('template: output:1: function "nope" not defined');
  expect(() => run("{{if .name}}")).toThrow("template: output:1: unexpected EOF");
  expect(() => run("{{.name.first}}")).toThrow('template: output:1:7: executing "output" at <.name.first>: can\'t evaluate field first in type interface {}');
  expect(() => run("{{.nothing}}", false)).toThrow('executing "output" at <.nothing>: map has no entry for key "nothing"');
});
