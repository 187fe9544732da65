// What a store holds of one version of an object.
import type { Entry, StoredValue } from "./store.ts";

/**
 * An entry that keeps its text, and its decoded value only while someone else holds it or until the next full
 * collection: decoded, a value takes three to four times the memory of its text.
 */
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
    const value = this.decode();
    this.decoded = new WeakRef(value);
    return value;
  }

  protected decode(): StoredValue {
    return JSON.parse(this.text) as StoredValue;
  }
}

/** An entry whose value cannot be changed by mistake; freezing takes longer than decoding, so it is for tests. */
export class FrozenEntry extends StoredEntry {
  constructor(key: string, revision: number, text: string, value?: StoredValue) {
    super(key, revision, text, value && deepFreeze(value));
  }

  protected override decode(): StoredValue {
    return deepFreeze(super.decode());
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
