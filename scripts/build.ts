// Bundles the CLI and the daemon into dist/, which is what is installed: one file each, and one chunk a command.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "dist");

rmSync(out, { recursive: true, force: true });
// Each program by itself: modules shared between the two would split the CLI into files that cost time to open.
for (const [name, entry] of [["cli", "src/cli/main.ts"], ["daemon", "src/daemon/main.ts"]] as const) {
  await build({
    entryPoints: { [name]: join(root, entry) },
    outdir: out,
    chunkNames: `${name}/[name]-[hash]`,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node22",
    minifySyntax: true,
    minifyWhitespace: name === "cli",
    legalComments: "none",
    // CommonJS packages in the bundle still call require for Node's own modules.
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
  });
}
