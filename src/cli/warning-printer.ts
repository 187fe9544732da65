// Behaviour: k8s.io/client-go/rest (WarningWriter): the server's warnings on standard error, each once.
import { mayColour } from "./colour.ts";
import type { IO } from "./io.ts";

const YELLOW = "\u001b[33;1m";
const RESET = "\u001b[0m";

/** Prints one warning, the server's or kubectl's own. */
export function printWarning(io: IO, text: string): void {
  io.err(`${mayColour(io, "stderr") ? `${YELLOW}Warning:${RESET}` : "Warning:"} ${text}\n`);
}

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
    printWarning(this.io, text);
  }
}
