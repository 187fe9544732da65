import { expect, it } from "vitest";
import { formatDuration, humanDuration, parseDuration } from "./duration.ts";

it.each([["1h30m", 5_400_000], ["1.5s", 1500], ["-2m", -120_000], ["0", 0], ["250ms", 250], ["5", undefined], ["", undefined], ["1d", undefined]])("parses %s", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each([[5_400_000, "1h30m0s"], [1500, "1.5s"], [0, "0s"], [250, "250ms"], [61_000, "1m1s"]])("formats %i", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it.each([[0, "0s"], [119, "119s"], [120, "2m"], [191, "3m11s"], [600, "10m"], [3 * 3600, "3h"], [3 * 3600 + 300, "3h5m"], [8 * 3600, "8h"], [47 * 3600, "47h"], [48 * 3600, "2d"],
  [51 * 3600, "2d3h"], [8 * 86400, "8d"], [800 * 86400, "2y70d"], [9 * 365 * 86400, "9y"]])("ages of %i seconds", (seconds, text) => {
  expect(humanDuration(seconds * 1000)).toBe(text);
});
