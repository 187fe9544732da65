// The program: the words of the command line in, the exit code out.
import { basename } from "node:path";
import { BrokenPipe, messageOf } from "./errors.ts";
import { makeFactory } from "./client-factory.ts";
import { processIO } from "./process-io.ts";
import { runProgram } from "./program.ts";
import { keepAlive } from "../util/keep-alive.ts";

/** What a shell sees of a process that SIGPIPE ended. */
const SIGPIPE_EXIT_CODE = 141;

async function main(): Promise<number> {
  const io = processIO();
  const invokedAs = basename(process.env["SKIFF_INVOKED_AS"] ?? process.argv[1] ?? "");
  for (const own of ["SKIFF_INVOKED_AS", "NODE_COMPILE_CACHE"]) delete process.env[own];
  const program = invokedAs === "kubectl" ? "kubectl" : "skiff";
  try {
    return await runProgram(process.argv.slice(2), { io, program, makeFactory });
  } catch (error) {
    if (error instanceof BrokenPipe) return SIGPIPE_EXIT_CODE;
    io.err(`error: ${messageOf(error)}\n`);
    return 1;
  }
}

keepAlive();
main().then((code) => process.exit(code), () => process.exit(1));
