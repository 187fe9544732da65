import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import { openSqliteStore } from "../../src/store/sqlite-store.ts";
import { KeyExistsError, RevisionMismatchError, RevisionUnavailableError, type Store, type StoreEvent } from "../../src/store/store.ts";

const HISTORY = { events: 50, characters: 10_000 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skiff-store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const backends: [string, () => Promise<Store>][] = [
  ["memory", async () => createMemoryStore({ history: HISTORY })],
  ["SQLite", () => openSqliteStore(join(folder, "store.db"), { history: HISTORY })],
];

describe.each(backends)("%s store", (_, open) => {
  let store: Store;

  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close());

  const put = (key: string, data: unknown = key) => store.create(key, (revision) => ({ data, revision }));
  const names = (prefix: string, options?: Parameters<Store["list"]>[1]) => store.list(prefix, options).entries.map((entry) => entry.key);
  const collect = (prefix: string, after: number) => {
    const seen: StoreEvent[] = [];
    const end = store.watch(prefix, after, (event) => seen.push(event));
    return { seen, end, short: () => seen.map((event) => `${event.revision} ${event.type} ${event.entry.key}`) };
  };

  it("counts revisions from 1 and shows them to the value", async () => {
    expect(store.revision).toBe(0);
    const entry = await put("/a/x");
    expect(entry).toMatchObject({ key: "/a/x", revision: 1, text: '{"data":"/a/x","revision":1}', value: { data: "/a/x", revision: 1 } });
    expect(store.get("/a/x")).toBe(entry);
    expect((await put("/a/y")).revision).toBe(2);
    expect(store.revision).toBe(2);
  });

  it("refuses what conflicts, and takes nothing of it", async () => {
    await put("/a/x");
    await expect(put("/a/x")).rejects.toBeInstanceOf(KeyExistsError);
    await expect(store.update("/a/x", 7, () => ({}))).rejects.toMatchObject({ name: "RevisionMismatchError", current: { revision: 1 } });
    await expect(store.update("/a/none", 1, () => ({}))).rejects.toMatchObject({ name: "RevisionMismatchError", current: undefined });
    await expect(store.delete("/a/x", 7, () => ({}))).rejects.toBeInstanceOf(RevisionMismatchError);
    expect(store.revision).toBe(1);
  });

  it("judges writes of one turn against each other, in their order", async () => {
    const results = await Promise.allSettled([put("/a/x"), put("/a/x"), store.update("/a/x", 1, () => ({ n: 2 })), store.update("/a/x", 1, () => ({ n: 3 })), store.delete("/a/x", 2, () => ({})), put("/a/x", "again")]);
    expect(results.map((result) => (result.status === "fulfilled" ? result.value.revision : result.reason.name))).toEqual([1, "KeyExistsError", 2, "RevisionMismatchError", 3, 4]);
    expect(store.get("/a/x")?.value).toEqual({ data: "again", revision: 4 });
  });

  it("rejects a write whose encoding fails, and no other", async () => {
    const results = await Promise.allSettled([put("/a/x"), store.create("/a/y", () => { throw new Error("no"); }), put("/a/z")]);
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(store.get("/a/z")?.revision).toBe(2);
  });

  it("shows a write to readers and watchers before it acknowledges it, and not before it is durable", async () => {
    const order: string[] = [];
    store.watch("/a/", 0, (event) => order.push(`event ${event.revision} sees ${store.revision}`));
    const written = put("/a/x").then(() => order.push("acknowledged"));
    expect(store.get("/a/x")).toBeUndefined();
    await written;
    expect(order).toEqual(["event 1 sees 1", "acknowledged"]);
  });

  it("lists prefixes in the order of keys, in pages", async () => {
    const numbers = Array.from({ length: 1500 }, (_, index) => (index * 7) % 1500);
    await Promise.all(numbers.map((number) => put(`/a/${String(number).padStart(4, "0")}`)));
    await Promise.all([put("/"), put("/a"), put("/b/x"), put("/a0")]);
    expect(names("/a/")).toEqual(Array.from({ length: 1500 }, (_, index) => `/a/${String(index).padStart(4, "0")}`));
    const page = store.list("/a/", { after: "/a/0998", limit: 2 });
    expect(page.entries.map((entry) => entry.key)).toEqual(["/a/0999", "/a/1000"]);
    expect(page).toMatchObject({ remaining: 499, revision: 1504 });
    expect(names("/b/")).toEqual(["/b/x"]);
    expect(names("/c/")).toEqual([]);
    expect(store.list("/a/", { limit: 0 }).remaining).toBe(1500);
    expect(store.list("").entries.length).toBe(1504);
    await Promise.all(store.list("/a/").entries.slice(0, 1490).map((entry) => store.delete(entry.key, entry.revision, () => ({}))));
    expect(names("/a/").length).toBe(10);
  });

  it("lists as it was at an older revision", async () => {
    for (const name of ["b", "c", "d", "e"]) await put(`/a/${name}`, 1);
    await store.delete("/a/c", 2, () => ({}));
    await store.update("/a/d", 3, () => ({ data: 2 }));
    await put("/a/a");
    await put("/a/c", "new");
    await put("/other/x");
    const then = store.list("/a/", { revision: 4, after: "/a/b", limit: 2 });
    expect(then).toMatchObject({ revision: 4, remaining: 1, entries: [{ key: "/a/c", revision: 2 }, { key: "/a/d", revision: 3 }] });
    expect(names("/a/", { revision: 4 })).toEqual(["/a/b", "/a/c", "/a/d", "/a/e"]);
    expect(names("/a/", { revision: 0 })).toEqual([]);
    expect(names("/a/", { revision: 5 })).toEqual(["/a/b", "/a/d", "/a/e"]);
  });

  it("replays history to a watch, then goes on, each change once and in order", async () => {
    await put("/a/x");
    await put("/b/x");
    await store.update("/a/x", 1, () => ({ n: 2 }));
    const watch = collect("/a/", 1);
    expect(watch.short()).toEqual(["3 updated /a/x"]);
    await Promise.all([store.delete("/a/x", 3, (revision) => ({ last: revision })), put("/b/y"), put("/a/y")]);
    expect(watch.short()).toEqual(["3 updated /a/x", "4 deleted /a/x", "6 created /a/y"]);
    expect(watch.seen[1]).toMatchObject({ entry: { revision: 4, value: { last: 4 } }, previous: { revision: 3, value: { n: 2 } } });
    watch.end();
    await put("/a/z");
    expect(watch.seen.length).toBe(3);
  });

  it("lets a listener watch, and end watches, without seeing anything twice", async () => {
    const inner: number[] = [];
    const other = collect("/a/", 0);
    const end = store.watch("/a/", 0, (event) => {
      if (event.revision !== 1) return;
      other.end();
      store.watch("/a/", event.revision, (later) => inner.push(later.revision));
    });
    await Promise.all([put("/a/x"), put("/a/y"), put("/a/z")]);
    end();
    expect(inner).toEqual([2, 3]);
    expect(other.seen.length).toBe(1);
  });

  it("outlives a listener that throws", async () => {
    store.watch("/a/", 0, () => { throw new Error("broken"); });
    const watch = collect("/a/", 0);
    await put("/a/x");
    expect(watch.seen.length).toBe(1);
  });

  it("forgets history by count and by size, and says so", async () => {
    for (let index = 0; index < 60; index++) await put(`/a/${index}`);
    expect(() => store.list("/a/", { revision: 9 })).toThrow(RevisionUnavailableError);
    expect(() => collect("/a/", 9)).toThrow(expect.objectContaining({ requested: 9, oldest: 10, current: 60 }));
    expect(store.list("/a/", { revision: 10 }).entries.length).toBe(10);
    expect(collect("/a/", 10).seen.length).toBe(50);
    expect(() => store.list("/a/", { revision: 61 })).toThrow(RevisionUnavailableError);
    let { revision } = await put("/big/x", "x".repeat(4000));
    for (let index = 0; index < 4; index++) ({ revision } = await store.update("/big/x", revision, () => ({ data: "y".repeat(4000) })));
    expect(() => collect("/big/", revision - 3)).toThrow(RevisionUnavailableError);
    expect(collect("/big/", revision - 2).seen.length).toBe(2);
  });

  it("freezes values when it is asked to", async () => {
    const { value } = await createMemoryStore().create("/a/x", () => ({ list: [{}] }));
    expect(() => Object.assign((value.list as object[])[0] ?? {}, { changed: true })).toThrow(TypeError);
  });

  it("finishes what was asked for before it was closed, and refuses what comes after", async () => {
    const written = put("/a/x");
    await store.close();
    await expect(written).resolves.toMatchObject({ revision: 1 });
    await expect(put("/a/y")).rejects.toThrow("closed");
  });
});
