import type { Entry, StoredValue } from "./store.ts";

/** An entry that keeps its text, and its decoded value only while someone else holds it or until the next full collection. */
export class StoredEntry implements Entry {
  readonly key: string;
  readonly revision: number;
  readonly text: string;
  private decoded: WeakRef<StoredValue> | undefined;

  /** `value`, when it is at hand, must be what `text` decodes to. */
  constructor(key: string, revision: number, text: string, value?: StoredValue) {
    this.key = key;
    this.revision = revision;
    this.text = text;
    this.decoded = value && new WeakRef(value);
  }

  get value(): StoredValue {
    const held = this.decoded?.deref();
    if (held !== undefined) return held;
    const value = JSON.parse(this.text) as StoredValue;
    this.decoded = new WeakRef(value);
    return value;
  }
}
