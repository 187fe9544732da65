// Structured lines of the daemon's log.
import { type Clock, systemClock } from "./clock.ts";

/** Values that explain a message; errors are written with their message and, at debug level, their stack. */
export type LogFields = Record<string, unknown>;

/** Structured logging: a message says what happened, fields say to what. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose every line carries `fields`. */
  with(fields: LogFields): Logger;
}

const LEVELS = ["debug", "info", "warn", "error"] as const;

/** The severities, least first. */
export type LogLevel = (typeof LEVELS)[number];

/** Writes one logfmt-like line a message: `2026-01-02T03:04:05.678Z info message key="value"`. */
export function createLogger(write: (line: string) => void, level: LogLevel = "info", clock: Clock = systemClock, context: LogFields = {}): Logger {
  const log = (lineLevel: LogLevel, message: string, fields: LogFields = {}) => {
    if (LEVELS.indexOf(lineLevel) < LEVELS.indexOf(level)) return;
    const pairs = Object.entries({ ...context, ...fields }).map(([key, value]) => ` ${key}=${formatValue(value, level === "debug")}`);
    write(`${new Date(clock.now()).toISOString()} ${lineLevel} ${message}${pairs.join("")}\n`);
  };
  return {
    debug: (message, fields) => log("debug", message, fields),
    info: (message, fields) => log("info", message, fields),
    warn: (message, fields) => log("warn", message, fields),
    error: (message, fields) => log("error", message, fields),
    with: (fields) => createLogger(write, level, clock, { ...context, ...fields }),
  };
}

/** A logger that says nothing. */
export const silentLogger: Logger = createLogger(() => {}, "error");

function formatValue(value: unknown, withStack: boolean): string {
  if (value instanceof Error) return JSON.stringify((withStack && value.stack) || value.message);
  return JSON.stringify(value) ?? "undefined";
}
