import { describe, expect, it } from "vitest";
import { parseCronSchedule } from "./cron-schedule.ts";

const parse = (text: string) => parseCronSchedule(text, (name) => name === "UTC");

describe("schedules", () => {
  it("have lists, ranges, steps and names", () => {
    expect(parse("0,30 9-11 */10 jan mon-fri/2")).toMatchObject({
      minutes: new Set([0, 30]),
      hours: new Set([9, 10, 11]),
      daysOfMonth: new Set([1, 11, 21, 31]),
      months: new Set([1]),
      daysOfWeek: new Set([1, 3, 5]),
    });
  });

  it("can be descriptors, intervals, and of a zone", () => {
    expect(parse("@daily")).toMatchObject({ minutes: new Set([0]), hours: new Set([0]), anyDayOfMonth: true, anyDayOfWeek: true });
    expect(parse("@every 1h30m")).toEqual({ kind: "interval", milliseconds: 5_400_000 });
    expect(parse("TZ=UTC 0 0 * * *")).toMatchObject({ timeZone: "UTC" });
  });

  it.each([
    ["", "empty spec string"],
    ["* * * *", "expected exactly 5 fields, found 4: [* * * *]"],
    ["60 * * * *", "end of range (60) above maximum (59): 60"],
    ["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
    ["5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"],
    ["*/0 * * * *", "step of range should be a positive number: */0"],
    ["x * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ["1-2-3 * * * *", "too many hyphens: 1-2-3"],
    ["*/2/3 * * * *", "too many slashes: */2/3"],
    ["@never", "unrecognized descriptor: @never"],
    ["@every x", 'failed to parse duration @every x: time: invalid duration "x"'],
    ["TZ=Mars 0 0 * * *", "provided bad location Mars: unknown time zone Mars"],
  ])("are not %j", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
