// The terminal's sizes as they come from the client: one JSON document each.

/** A terminal's size in characters. */
export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** A queue of sizes that is iterated once; only the newest that was not taken yet counts. */
export class TerminalSizes implements AsyncIterable<TerminalSize> {
  private latest: TerminalSize | undefined;
  private ended = false;
  private wake: (() => void) | undefined;

  /** Takes a message such as `{"Width":80,"Height":24}`; others are ignored. */
  push(message: string): void {
    const size = parseSize(message);
    if (size === undefined) return;
    this.latest = size;
    this.wake?.();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TerminalSize> {
    for (;;) {
      const size = this.latest;
      this.latest = undefined;
      if (size !== undefined) yield size;
      else if (this.ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}

function parseSize(message: string): TerminalSize | undefined {
  try {
    const { Width: width, Height: height } = JSON.parse(message) as { Width?: unknown; Height?: unknown };
    return typeof width === "number" && typeof height === "number" && width > 0 && height > 0 ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}
