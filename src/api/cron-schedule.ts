// Behaviour: github.com/robfig/cron/v3, whose standard form Kubernetes' schedules have: five fields, or a descriptor as @daily.

/** A text that is not a schedule; the message is that of the parser which Kubernetes uses. */
export class CronScheduleError extends Error {
  override readonly name = "CronScheduleError";
}

/** The times at which something is done: those that fit all fields. */
export interface CronSchedule {
  readonly kind: "fields";
  /** The zone of the times, where the schedule names one. */
  readonly timeZone?: string;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** Whether either field of days is open; if neither is, one of the two has to fit. */
  readonly anyDayOfMonth: boolean;
  readonly anyDayOfWeek: boolean;
}

/** Something done again and again, after as many milliseconds. */
export interface IntervalSchedule {
  readonly kind: "interval";
  readonly milliseconds: number;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  /** Names of the values, from `min` on. */
  readonly names: readonly string[];
}

const MINUTES: Bounds = { min: 0, max: 59, names: [] };
const HOURS: Bounds = { min: 0, max: 23, names: [] };
const DAYS_OF_MONTH: Bounds = { min: 1, max: 31, names: [] };
const MONTHS: Bounds = { min: 1, max: 12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] };
const DAYS_OF_WEEK: Bounds = { min: 0, max: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

const DESCRIPTORS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const EVERY = "@every ";

/** Reads a schedule; throws a CronScheduleError. `isTimeZone` knows the zones that a schedule can name. */
export function parseCronSchedule(text: string, isTimeZone: (name: string) => boolean): CronSchedule | IntervalSchedule {
  if (text === "") throw new CronScheduleError("empty spec string");
  const { timeZone, rest } = splitTimeZone(text, isTimeZone);
  if (rest.startsWith(EVERY)) return { kind: "interval", milliseconds: parseInterval(rest) };
  const fields = fieldsOf(rest);
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = [MINUTES, HOURS, DAYS_OF_MONTH, MONTHS, DAYS_OF_WEEK].map((bounds, index) => parseField(fields[index] ?? "", bounds));
  if (minutes === undefined || hours === undefined || daysOfMonth === undefined || months === undefined || daysOfWeek === undefined) throw new CronScheduleError("empty spec string");
  return {
    kind: "fields",
    ...(timeZone !== undefined && { timeZone }),
    minutes: minutes.values,
    hours: hours.values,
    daysOfMonth: daysOfMonth.values,
    months: months.values,
    daysOfWeek: daysOfWeek.values,
    anyDayOfMonth: daysOfMonth.isOpen,
    anyDayOfWeek: daysOfWeek.isOpen,
  };
}

/** "TZ=Europe/Berlin 0 * * * *": the zone, and what follows. */
function splitTimeZone(text: string, isTimeZone: (name: string) => boolean): { timeZone?: string; rest: string } {
  if (!text.startsWith("TZ=") && !text.startsWith("CRON_TZ=")) return { rest: text };
  const end = text.indexOf(" ");
  const start = text.indexOf("=") + 1;
  if (end < 0) throw new CronScheduleError(`invalid schedule format: runtime error: slice bounds out of range [${start}:-1]`);
  const timeZone = text.slice(start, end);
  if (!isTimeZone(timeZone)) throw new CronScheduleError(`provided bad location ${timeZone}: unknown time zone ${timeZone}`);
  return { timeZone, rest: text.slice(end).trim() };
}

function fieldsOf(text: string): string[] {
  const described = text.startsWith("@") ? DESCRIPTORS[text] : text;
  if (described === undefined) throw new CronScheduleError(`unrecognized descriptor: ${text}`);
  const fields = described.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== 5) throw new CronScheduleError(`expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`);
  return fields;
}

function parseInterval(text: string): number {
  const amount = text.slice(EVERY.length);
  const milliseconds = parseGoDuration(amount);
  if (typeof milliseconds === "string") throw new CronScheduleError(`failed to parse duration ${text}: ${milliseconds}`);
  return Math.max(1000, Math.trunc(milliseconds / 1000) * 1000);
}

/** Milliseconds, or Go's words for what is wrong. */
function parseGoDuration(text: string): number | string {
  const unit: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, "µs": 1e-3, ms: 1, s: 1e3, m: 6e4, h: 36e5 };
  const quoted = JSON.stringify(text);
  const unsigned = text.replace(/^[+-]/, "");
  if (unsigned === "0") return 0;
  let total = 0;
  let rest = unsigned;
  do {
    const part = /^([0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]*)/.exec(rest);
    if (part === null) return `time: invalid duration ${quoted}`;
    const [whole, amount = "", name = ""] = part;
    if (name === "") return `time: missing unit in duration ${quoted}`;
    const factor = unit[name];
    if (factor === undefined) return `time: unknown unit ${JSON.stringify(name)} in duration ${quoted}`;
    total += Number(amount) * factor;
    rest = rest.slice(whole.length);
  } while (rest !== "");
  return text.startsWith("-") ? -total : total;
}

function parseField(text: string, bounds: Bounds): { values: Set<number>; isOpen: boolean } {
  const ranges = text.split(",").filter((range) => range !== "");
  const parsed = ranges.map((range) => parseRange(range, bounds));
  return { values: new Set(parsed.flatMap(({ values }) => values)), isOpen: parsed.some(({ isOpen }) => isOpen) };
}

/** "*", "5", "1-5", "*\/15", "0-30/10". */
function parseRange(text: string, bounds: Bounds): { values: number[]; isOpen: boolean } {
  const [range = "", stepText, ...moreSteps] = text.split("/");
  const [low = "", high, ...moreEnds] = range.split("-");
  const isAny = low === "*" || low === "?";
  const start = isAny ? bounds.min : parseNumber(low, bounds);
  if (!isAny && moreEnds.length > 0) throw new CronScheduleError(`too many hyphens: ${text}`);
  let end = isAny ? bounds.max : high === undefined ? start : parseNumber(high, bounds);
  if (moreSteps.length > 0) throw new CronScheduleError(`too many slashes: ${text}`);
  const step = stepText === undefined ? 1 : parseInteger(stepText);
  if (stepText !== undefined && high === undefined) end = bounds.max;
  if (start < bounds.min) throw new CronScheduleError(`beginning of range (${start}) below minimum (${bounds.min}): ${text}`);
  if (end > bounds.max) throw new CronScheduleError(`end of range (${end}) above maximum (${bounds.max}): ${text}`);
  if (start > end) throw new CronScheduleError(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new CronScheduleError(`step of range should be a positive number: ${text}`);
  const values: number[] = [];
  for (let value = start; value <= end; value += step) values.push(value);
  return { values, isOpen: isAny && step === 1 };
}

function parseNumber(text: string, { min, names }: Bounds): number {
  const place = names.indexOf(text.toLowerCase());
  return place >= 0 ? min + place : parseInteger(text);
}

function parseInteger(text: string): number {
  if (!/^[+-]?[0-9]+$/.test(text)) throw new CronScheduleError(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new CronScheduleError(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range`);
  if (value < 0) throw new CronScheduleError(`negative number (${value}) not allowed: ${text}`);
  return value;
}
