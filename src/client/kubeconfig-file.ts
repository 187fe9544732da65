// Behaviour: k8s.io/client-go/tools/clientcmd (ModifyConfig), but a file keeps its comments, its order and what it does not know.
import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import { keepUnchangedLines } from "./unchanged-lines.ts";
import { KubeconfigError, type KubeconfigEntries } from "./kubeconfig-entries.ts";

/** The field of an item that holds the entry. */
const FIELDS = { clusters: "cluster", users: "user", contexts: "context" } as const;

/** One kubeconfig file that is changed entry by entry; nothing else in it moves. */
export class KubeconfigFile {
  private readonly path: string;
  private readonly document: Document;
  private readonly before: string;

  /** Reads the file; one that is not there is empty. Throws a KubeconfigError when it is no kubeconfig. */
  constructor(path: string) {
    this.path = path;
    this.before = readIfThere(path) ?? "";
    const document = parseDocument(this.before);
    const [error] = document.errors;
    if (error !== undefined) throw new KubeconfigError(`error loading config file "${path}": yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split("\n")[0]}`);
    if (document.contents !== null && !isMap(document.contents)) throw new KubeconfigError(`error loading config file "${path}": it is not a kubeconfig`);
    this.document = document;
    if (document.contents === null) this.document.contents = document.createNode({ apiVersion: "v1", kind: "Config" });
  }

  get<K extends keyof KubeconfigEntries>(list: K, name: string): KubeconfigEntries[K] | undefined {
    const entry = this.find(list, name)?.get(FIELDS[list]);
    return isMap(entry) ? (entry.toJS(this.document) as KubeconfigEntries[K]) : undefined;
  }

  names(list: keyof KubeconfigEntries): string[] {
    return this.items(list).map((item) => String(item.get("name")));
  }

  /** Sets an entry to `value`: fields that it does not have go, those that are as they were stay untouched. */
  set<K extends keyof KubeconfigEntries>(list: K, name: string, value: KubeconfigEntries[K]): void {
    const item = this.find(list, name);
    const entry = item?.get(FIELDS[list]);
    if (item === undefined) this.sequence(list).add(this.document.createNode({ name, [FIELDS[list]]: value }));
    else if (isMap(entry)) replaceFields(this.document, entry, value as Record<string, unknown>);
    else item.set(FIELDS[list], this.document.createNode(value));
  }

  /** Removes an entry; returns whether it was there. */
  remove(list: keyof KubeconfigEntries, name: string): boolean {
    const sequence = this.document.get(list);
    if (!isSeq(sequence)) return false;
    const index = sequence.items.findIndex((item) => isMap(item) && item.get("name") === name);
    if (index < 0) return false;
    sequence.delete(index);
    if (sequence.items.length === 0) sequence.flow = true;
    return true;
  }

  /** Gives an entry another name, in its place. */
  rename(list: keyof KubeconfigEntries, name: string, newName: string): void {
    this.find(list, name)?.set("name", newName);
  }

  get currentContext(): string {
    return String(this.document.get("current-context") ?? "");
  }

  set currentContext(name: string) {
    this.document.set("current-context", name);
  }

  /** Sets or, with undefined, removes a value at a path of names, e.g. preferences.colors. */
  setAt(path: readonly string[], value: unknown): void {
    if (value === undefined) this.document.deleteIn(path);
    else this.document.setIn(path, value);
  }

  /** Writes the file if it changed: whole or not at all, with the mode it had, or 0600 when it is new. */
  save(): void {
    const rendered = render(parseDocument(this.before), this.before);
    const text = keepUnchangedLines(this.before, rendered, render(this.document, this.before));
    if (text === this.before) return;
    mkdirSync(dirname(this.path), { recursive: true });
    const target = realpathIfThere(this.path);
    const temporary = `${target}.${process.pid}.tmp`;
    writeFileSync(temporary, text, { mode: modeOf(target) });
    renameSync(temporary, target);
  }

  private items(list: keyof KubeconfigEntries): YAMLMap[] {
    const sequence = this.document.get(list);
    return isSeq(sequence) ? sequence.items.filter((item) => isMap(item)) : [];
  }

  private find(list: keyof KubeconfigEntries, name: string): YAMLMap | undefined {
    return this.items(list).find((item) => item.get("name") === name);
  }

  /** The list to add to, made when it is missing or null. */
  private sequence(list: keyof KubeconfigEntries): YAMLSeq {
    const present = this.document.get(list);
    if (isSeq(present)) {
      present.flow = false;
      return present;
    }
    const made = this.document.createNode([]) as YAMLSeq;
    made.flow = false;
    this.document.set(list, made);
    return made;
  }
}

/** Lists stay as they stand in `like`: kubectl writes their items below their key, other tools indent them. */
function render(document: Document, like: string): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, indentSeq: /^[\w-]+: *\n+ +- /m.test(like) });
}

function replaceFields(document: Document, entry: YAMLMap, value: Record<string, unknown>): void {
  const present = (entry.toJS(document) ?? {}) as Record<string, unknown>;
  for (const field of Object.keys(present)) if (value[field] === undefined) entry.delete(field);
  for (const [field, next] of Object.entries(value)) {
    if (next !== undefined && JSON.stringify(next) !== JSON.stringify(present[field])) entry.set(field, document.createNode(next));
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new KubeconfigError(`error loading config file "${path}": ${(error as Error).message}`);
  }
}

/** A link stays a link: what it points to is written. */
function realpathIfThere(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function modeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mode ?? 0o600;
}
