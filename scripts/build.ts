// Bundles the CLI and the daemon into dist/, which is what is installed.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isBuiltin } from "node:module";
import { build, type Plugin } from "esbuild";

/**
 * Node's own modules are loaded at their first use: to import one as an ES module reads all of its exports, and among those of
 * node:fs and node:http are some that load a good part of Node.
 */
const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?[a-z_/]+$/ }, ({ path }) => (isBuiltin(path) ? { path: path.replace(/^node:/, ""), namespace: "builtin" } : undefined));
    onLoad({ filter: /.*/, namespace: "builtin" }, async ({ path }) => {
      const exported = process.getBuiltinModule(path) as object;
      const load = `process.getBuiltinModule("node:${path}")`;
      if (path === "process" || typeof exported === "function") return { contents: `module.exports = ${load};` };
      const getters = Object.keys(exported).map((name) => `get ${name}() { return (loaded ??= ${load}).${name}; },`);
      return { contents: `let loaded;\nmodule.exports = {\n${getters.join("\n")}\n};` };
    });
  },
};

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "dist");

rmSync(out, { recursive: true, force: true });

/** What both programs have in common. */
const common = { bundle: true, platform: "node", target: "node22", legalComments: "none" } as const;

// One CommonJS file: Node opens and links a module of its own for every file of an ES bundle, which takes longer than to run
// most commands, and what is not used of one file is not compiled.
await build({
  ...common,
  entryPoints: [join(root, "src/cli/main.ts")],
  outfile: join(out, "cli.cjs"),
  format: "cjs",
  minify: true,
  plugins: [lazyBuiltins],
  banner: { js: 'const __url = require("node:url").pathToFileURL(__filename).href;' },
  define: { "import.meta.url": "__url" },
});

await build({
  ...common,
  entryPoints: { daemon: join(root, "src/daemon/main.ts") },
  outdir: out,
  chunkNames: "daemon/[name]-[hash]",
  splitting: true,
  format: "esm",
  minifySyntax: true,
  // CommonJS packages in the bundle still call require for Node's own modules.
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
});
