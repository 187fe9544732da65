// npm run bench: every figure that the project promises, beside the number that it must reach.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { clusterFigures } from "./cluster.ts";
import { printFigures } from "./report.ts";

const here = dirname(fileURLToPath(import.meta.url));
const print = (line: string) => process.stdout.write(`${line}\n`);

print("== the cluster");
printFigures(await clusterFigures(), print);
for (const part of ["apiserver", "store"]) {
  print(`\n== ${part}`);
  const result = spawnSync(process.execPath, ["--expose-gc", "--max-semi-space-size=2", "--optimize-for-size", join(here, `${part}.ts`)], { stdio: "inherit" });
  if (result.status !== 0) process.exitCode = 1;
}
