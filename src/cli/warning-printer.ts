// Behaviour: k8s.io/client-go/rest (WarningWriter): the server's warnings on standard error, each once.
import type { IO } from "./io.ts";

const YELLOW = "\u001b[33;1m";
const RESET = "\u001b[0m";

/** Prints warnings, counts them, and keeps quiet about those that were printed. */
export class WarningPrinter {
  count = 0;
  private readonly io: IO;
  private readonly printed = new Set<string>();

  constructor(io: IO) {
    this.io = io;
  }

  /** Prints a warning unless it was printed before. */
  print(text: string): void {
    if (text === "" || this.printed.has(text)) return;
    this.printed.add(text);
    this.count += 1;
    const colour = this.io.terminals.stderr && this.io.env["NO_COLOR"] === undefined && this.io.env["TERM"] !== "dumb";
    this.io.err(colour ? `${YELLOW}Warning:${RESET} ${text}\n` : `Warning: ${text}\n`);
  }
}
