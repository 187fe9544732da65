import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSqliteStore } from "../../src/store/sqlite-store.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skiff-store-"));
  path = join(folder, "store.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

function startWriter(): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, "store-writer.ts"), path], { stdio: ["ignore", "pipe", "inherit"] });
}

/** Kills the writer after some acknowledgements; returns all that it printed. */
async function killAfter(writer: ChildProcess, count: number): Promise<Map<string, number>> {
  const acknowledged = new Map<string, number>();
  if (writer.stdout === null) throw new Error("no output");
  for await (const line of createInterface({ input: writer.stdout })) {
    const [key, revision] = line.split(" ");
    if (key !== undefined && revision !== undefined && revision !== "") acknowledged.set(key, Number(revision));
    if (acknowledged.size === count) writer.kill("SIGKILL");
  }
  return acknowledged;
}

it("keeps values and the revision over a restart", async () => {
  const first = await openSqliteStore(path);
  await first.create("/a/x", () => ({ n: 1 }));
  await first.create("/a/y", () => ({ text: "snow ☃ \u0000 and 🚢" }));
  await first.update("/a/x", 1, () => ({ n: 2 }));
  await first.create("/a/z", () => ({}));
  await first.delete("/a/z", 4, () => ({}));
  await first.close();
  const second = await openSqliteStore(path);
  expect(second.revision).toBe(5);
  expect(second.list("/").entries.map(({ key, revision, value }) => ({ key, revision, value }))).toEqual([
    { key: "/a/x", revision: 3, value: { n: 2 } },
    { key: "/a/y", revision: 2, value: { text: "snow ☃ \u0000 and 🚢" } },
  ]);
  expect(() => second.watch("/", 4, () => {})).toThrow("revision 4 is not between 5 and 5");
  expect((await second.create("/a/z", () => ({}))).revision).toBe(6);
  await second.close();
});

it("loses no acknowledged write to kill -9, and reuses no revision", async () => {
  const acknowledged = new Map<string, number>();
  for (const count of [1, 50, 700]) {
    for (const [key, revision] of await killAfter(startWriter(), count)) acknowledged.set(key, revision);
    const store = await openSqliteStore(path);
    for (const [key, revision] of acknowledged) expect(store.get(key)).toMatchObject({ key, revision, value: { revision } });
    expect(store.revision).toBe(store.list("/").entries.length);
    await store.close();
  }
  expect(new Set(acknowledged.values()).size).toBe(acknowledged.size);
});

it("is locked against other processes", async () => {
  const writer = startWriter();
  await once(writer.stdout as NonNullable<typeof writer.stdout>, "data");
  await expect(openSqliteStore(path)).rejects.toMatchObject({ name: "StorageError", problem: "locked", message: `the database ${path} is in use by another process` });
  await killAfter(writer, 1);
  await (await openSqliteStore(path)).close();
});

it("makes its files readable for the owner only", async () => {
  const store = await openSqliteStore(path);
  await store.create("/a/x", () => ({}));
  for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  await store.close();
});

it("refuses a database of a newer version and leaves it as it is", async () => {
  await (await openSqliteStore(path)).close();
  const database = new DatabaseSync(path);
  database.exec("PRAGMA user_version = 9");
  database.close();
  const before = readFileSync(path);
  await expect(openSqliteStore(path)).rejects.toMatchObject({ problem: "newer", message: expect.stringContaining("has schema version 9, and this program knows none above 1") });
  expect(readFileSync(path).equals(before)).toBe(true);
});

it("says that a file is no database, or a damaged one", async () => {
  writeFileSync(path, "This is not a database. ".repeat(100));
  await expect(openSqliteStore(path)).rejects.toMatchObject({ problem: "corrupt", message: expect.stringContaining(path) });
  rmSync(path);
  const store = await openSqliteStore(path);
  for (let index = 0; index < 50; index++) await store.create(`/a/${index}`, () => ({ data: "x".repeat(3000) }));
  await store.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, 4096 * 3, 4096 * 20);
  writeFileSync(path, bytes);
  await expect(openSqliteStore(path)).rejects.toMatchObject({ problem: "corrupt" });
});

it("says that it cannot open what is no file", async () => {
  for (const wrong of [folder, join(folder, "none", "store.db")]) {
    await expect(openSqliteStore(wrong)).rejects.toMatchObject({ problem: "failed", message: expect.stringMatching(`^the database ${wrong} cannot be opened: `) });
  }
});

it("rejects writes that find the disk full, and goes on when there is room", async () => {
  const store = await openSqliteStore(path, { maxPages: 20 });
  const seen: number[] = [];
  store.watch("/", 0, (event) => seen.push(event.revision));
  await store.create("/a/small", () => ({}));
  const big = () => ({ data: "x".repeat(200_000) });
  const results = await Promise.allSettled([store.create("/a/big", big), store.create("/a/with", () => ({}))]);
  for (const result of results) expect(result).toMatchObject({ status: "rejected", reason: { problem: "full", message: expect.stringContaining("full") } });
  expect(store.revision).toBe(1);
  expect(store.get("/a/big")).toBeUndefined();
  expect((await store.create("/a/later", () => ({}))).revision).toBe(2);
  expect(seen).toEqual([1, 2]);
  await store.close();
  const again = await openSqliteStore(path);
  expect(again.list("/").entries.map((entry) => entry.key)).toEqual(["/a/later", "/a/small"]);
  await again.close();
});
