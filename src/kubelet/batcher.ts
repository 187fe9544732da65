/** Collects what is asked for while the last call runs into one next call: N small calls become two. */
export class Batcher<T> {
  private readonly act: (items: readonly T[]) => Promise<void>;
  private waiting: { items: Set<T>; done: Promise<void> } | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(act: (items: readonly T[]) => Promise<void>) {
    this.act = act;
  }

  /** Resolves when a call that had `item` has ended. */
  add(item: T): Promise<void> {
    if (this.waiting === undefined) {
      const items = new Set<T>();
      // A turn of the loop gathers what one event asks of many.
      const turn = this.running.catch(() => {}).then(() => new Promise<void>((resolve) => setImmediate(resolve)));
      const done = turn.then(() => {
        this.waiting = undefined;
        return this.act([...items]);
      });
      this.running = done;
      this.waiting = { items, done };
    }
    this.waiting.items.add(item);
    return this.waiting.done;
  }
}
