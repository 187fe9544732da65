// Reads what a user types at a question.
import type { IO } from "./io.ts";

/** The first line of standard input, without its end; "" when there is none. */
export async function readLine({ stdin }: IO): Promise<string> {
  let text = "";
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return text.split("\n", 1)[0] ?? "";
}
