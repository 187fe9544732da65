// Colour is for people: on terminals, and for nobody who has said no.
import type { IO } from "./io.ts";

/** Whether what is written to the stream may be coloured. */
export function mayColour({ terminals, env }: IO, stream: "stdout" | "stderr"): boolean {
  return terminals[stream] && env["NO_COLOR"] === undefined && env["TERM"] !== "dumb";
}
