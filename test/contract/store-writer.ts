// Started by sqlite-store.test.ts as a process of its own: writes as fast as it can and prints each key that is acknowledged.
import { openSqliteStore } from "../../src/store/sqlite-store.ts";

const store = await openSqliteStore(process.argv[2] ?? "");
let next = store.list("/").entries.length;

async function write(): Promise<void> {
  for (;;) {
    const key = `/k/${next++}`;
    const { revision } = await store.create(key, (revision) => ({ revision, padding: "x".repeat(2000) }));
    process.stdout.write(`${key} ${revision}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, write));
