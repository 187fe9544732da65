// Bundles the CLI and the daemon into dist/, which is what is installed: one file each, and one chunk a command.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "dist");

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: { cli: join(root, "src/cli/main.ts"), daemon: join(root, "src/daemon/main.ts") },
  outdir: out,
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minifySyntax: true,
  legalComments: "none",
  // CommonJS packages in the bundle still call require for Node's own modules.
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
});
