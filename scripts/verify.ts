// Runs every check, whatever fails before it, and lists what failed.
import { spawnSync } from "node:child_process";

const CHECKS: readonly { name: string; command: readonly string[] }[] = [
  { name: "generate", command: ["npm", "run", "--silent", "generate"] },
  { name: "types", command: ["npx", "tsc", "-p", "."] },
  { name: "lint", command: ["npx", "oxlint"] },
  { name: "build", command: ["npm", "run", "--silent", "build"] },
  { name: "layers and tests", command: ["npm", "test"] },
];

const failed = CHECKS.filter(({ name, command: [program = "", ...args] }) => {
  console.log(`\n== ${name}: ${[program, ...args].join(" ")}`);
  return spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] }).status !== 0;
});

console.log(failed.length === 0 ? "\nverify: all checks passed" : `\nverify: failed: ${failed.map(({ name }) => name).join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
