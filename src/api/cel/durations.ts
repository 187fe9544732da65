// Durations for variables of expressions.
import { Environment } from "@marcbachmann/cel-js";

const make = new Environment().registerVariable("text", "string").parse("duration(text)");

/** A duration of that many milliseconds. */
export function durationOf(milliseconds: number): unknown {
  return make({ text: `${milliseconds}ms` });
}
