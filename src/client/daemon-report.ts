// What a starting daemon tells whoever started it, as JSON lines on file descriptor 3.

/** One line of a daemon's report; the last one is "ready" or "failed". */
export type DaemonReport =
  | { readonly type: "progress"; readonly message: string }
  | { readonly type: "ready"; readonly server: string; readonly nodes: readonly string[] }
  /** `inUse`: another process has the cluster's database open, a daemon that is starting or running. */
  | { readonly type: "failed"; readonly message: string; readonly inUse?: boolean };

/** The file descriptor that the report is written to, where the parent opened it. */
export const REPORT_DESCRIPTOR = 3;

/** Reads one line of a report; undefined when it is none. */
export function parseDaemonReport(line: string): DaemonReport | undefined {
  try {
    const report = JSON.parse(line) as DaemonReport;
    return ["progress", "ready", "failed"].includes(report.type) ? report : undefined;
  } catch {
    return undefined;
  }
}
