import { expect, it } from "vitest";
import { ProcessStartError, readLines, runProcess, startReader } from "./process.ts";

it("resolves with whatever code the program ends with", async () => {
  expect(await runProcess("sh", ["-c", "echo out; echo err >&2; exit 3"])).toEqual({ exitCode: 3, stdout: "out\n", stderr: "err\n" });
});

it("gives the program its input", async () => {
  expect((await runProcess("cat", [], { input: "a\nb" })).stdout).toBe("a\nb");
});

it("does not mind a program that does not read its input", async () => {
  expect((await runProcess("true", [], { input: "x".repeat(1_000_000) })).exitCode).toBe(0);
});

it("kills the program when the signal aborts", async () => {
  const abort = new AbortController();
  const running = runProcess("sleep", ["60"], { signal: abort.signal });
  abort.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
});

it("says which program could not be started", async () => {
  const failed = runProcess("no-such-program", []);
  await expect(failed).rejects.toThrow(ProcessStartError);
  await expect(failed).rejects.toThrow(/cannot run no-such-program/);
});

it("reads lines, the last one without an end too", async () => {
  const lines: string[] = [];
  await readLines(startReader("printf", ["a\\nb"]).stdout, (line) => lines.push(line));
  expect(lines).toEqual(["a", "b"]);
});
