// The table of design section 1 as a test: who may import whom, and no circles.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const source = join(dirname(fileURLToPath(import.meta.url)), "../../src");

const LAYERS: Record<string, readonly string[]> = {
  util: [],
  api: ["util"],
  store: ["util"],
  client: ["api", "util"],
  apiserver: ["store", "api", "util"],
  controllers: ["client", "api", "util"],
  scheduler: ["client", "api", "util"],
  kubelet: ["client", "api", "util"],
  network: ["client", "api", "util"],
  cli: ["client", "api", "util"],
  daemon: ["util", "api", "store", "client", "apiserver", "controllers", "scheduler", "kubelet", "network"],
};

/** Source file -> the source files it imports, at run time or for types. */
function importGraph(): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const file of globSync("**/*.ts", { cwd: source })) {
    if (file.endsWith(".test.ts") || file.startsWith(join("api", "generated"))) continue;
    const text = readFileSync(join(source, file), "utf8");
    const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map((match) => match[1] ?? "");
    graph.set(file, specifiers.map((specifier) => relative(source, join(source, dirname(file), specifier))));
  }
  return graph;
}

/** The part of a run-time graph that takes part in circles, as paths like "a.ts -> b.ts -> a.ts". */
function circles(graph: Map<string, string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(" -> "));
    if (at >= 0 || done.has(file)) return;
    for (const imported of graph.get(file) ?? []) visit(imported, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

const graph = importGraph();

describe("the layers", () => {
  it("name every folder of src", () => {
    const folders = new Set([...graph.keys()].map((file) => file.split(sep)[0] ?? ""));
    expect([...folders].filter((folder) => !(folder in LAYERS))).toEqual([]);
  });

  it("import only what stands below them", () => {
    const wrong = [...graph].flatMap(([file, imports]) => {
      const layer = file.split(sep)[0] ?? "";
      return imports.filter((imported) => {
        const other = imported.split(sep)[0] ?? "";
        return other !== layer && !(LAYERS[layer] ?? []).includes(other);
      }).map((imported) => `${file} imports ${imported}`);
    });
    expect(wrong).toEqual([]);
  });

  it("close no circle", () => {
    expect(circles(graph)).toEqual([]);
  });

  it("find a circle where there is one", () => {
    expect(circles(new Map([["a", ["b"]], ["b", ["c"]], ["c", ["a"]]]))).toEqual(["a -> b -> c -> a"]);
  });
});
