// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/get.go and pkg/storage: get and list.
import { StatusError, badRequest, notFound, resourceExpired, timeout } from "../../api/errors.ts";
import { type Entry, RevisionUnavailableError } from "../../store/store.ts";
import { type Call, callNamespace } from "../call.ts";
import { type ContinueToken, decodeContinue, encodeContinue } from "../continue-token.ts";
import type { ServerResponse } from "../message.ts";
import { convertEntries, keyPrefix, objectKey, objectText, sharedObject } from "../object-storage.ts";
import { type ListOptions, parseListOptions } from "../options.ts";
import { type ListItem, negotiate, respondList, respondObject } from "../respond.ts";
import { type Selection, parseSelection } from "../selection.ts";

const CONTINUE_EXPIRED =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/** GET of one object (or of its status, which is the same). */
export async function handleGet(call: Call): Promise<ServerResponse> {
  negotiate(call);
  const minimum = parseRevision(call.info.query.get("resourceVersion") ?? "");
  if (minimum > call.parts.store.revision) throw tooLargeRevision(minimum, call.parts.store.revision);
  const entry = getEntry(call, call.info.name);
  await convertEntries(call.resource, [entry]);
  return respondObject(call, 200, { entry, object: sharedObject(call.resource, entry) });
}

/** The entry of a call's object; throws a StatusError (404). */
export function getEntry(call: Call, name: string): Entry {
  const entry = call.parts.store.get(objectKey(call.resource, callNamespace(call), name));
  if (entry === undefined) throw notFound(call.resource, name);
  return entry;
}

/** GET of a collection. */
export async function handleList(call: Call): Promise<ServerResponse> {
  negotiate(call);
  const options = parseListOptions(call.info.query);
  const selection = parseSelection(call, options);
  const page = await listEntries(call, options, selection);
  return respondList(call, {
    resourceVersion: String(page.revision),
    ...(page.after !== undefined && { continue: encodeContinue({ revision: page.revision, after: page.after }) }),
    ...(page.remaining !== undefined && { remainingItemCount: page.remaining }),
    items: page.entries.map((entry) => listItem(call, entry)),
  });
}

/** An entry as an item of a list. */
export function listItem(call: Call, entry: Entry): ListItem {
  return { object: () => sharedObject(call.resource, entry), text: () => objectText(call.resource, entry) };
}

interface SelectedPage {
  readonly entries: readonly Entry[];
  readonly revision: number;
  /** Set when there is more: the key, without the prefix, that the next page comes after. */
  readonly after?: string;
  readonly remaining?: number;
}

/** Reads the entries that a list asks for. */
export async function listEntries(call: Call, options: ListOptions, selection: Selection): Promise<SelectedPage> {
  const { store } = call.parts;
  const prefix = keyPrefix(call.resource, callNamespace(call));
  const limit = options.limit > 0 ? options.limit : Infinity;
  const token = options.continue === "" ? undefined : decodeContinue(options.continue);
  if (token !== undefined && options.resourceVersion !== "" && options.resourceVersion !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  const revision = token === undefined ? listRevision(options, store.revision) : token.revision < 0 ? undefined : token.revision;
  const after = token === undefined ? undefined : prefix + token.after;
  try {
    if (selection.isEmpty) {
      const page = store.list(prefix, { revision, after, limit });
      await convertEntries(call.resource, page.entries);
      const last = page.entries.at(-1);
      return page.remaining > 0 && last !== undefined
        ? { entries: page.entries, revision: page.revision, after: last.key.slice(prefix.length), remaining: page.remaining }
        : { entries: page.entries, revision: page.revision };
    }
    const all = store.list(prefix, { revision, after });
    await convertEntries(call.resource, all.entries);
    return { ...selectEntries(call, all.entries, selection, prefix, limit), revision: all.revision };
  } catch (error) {
    if (error instanceof RevisionUnavailableError) throw unavailable(error, token);
    throw error;
  }
}

function selectEntries(call: Call, entries: readonly Entry[], selection: Selection, prefix: string, limit: number): { entries: Entry[]; after?: string } {
  const selected: Entry[] = [];
  for (const entry of entries) {
    if (selection.name !== undefined && !entry.key.endsWith(`/${selection.name}`)) continue;
    if (!selection.matches(sharedObject(call.resource, entry))) continue;
    const last = selected.at(-1);
    if (selected.length === limit && last !== undefined) return { entries: selected, after: last.key.slice(prefix.length) };
    selected.push(entry);
  }
  return { entries: selected };
}

/** The revision to list at, from the options; undefined for the newest. */
function listRevision(options: ListOptions, current: number): number | undefined {
  const revision = parseRevision(options.resourceVersion);
  if (revision === 0) return undefined;
  if (revision > current) throw tooLargeRevision(revision, current);
  const exact = options.resourceVersionMatch === "Exact" || (options.resourceVersionMatch === "" && options.limit > 0);
  return exact ? revision : undefined;
}

/** Reads a resourceVersion parameter: 0 for none. Throws a StatusError. */
export function parseRevision(text: string): number {
  if (text === "") return 0;
  const quoted = JSON.stringify(text);
  if (!/^\d+$/.test(text)) {
    throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`);
  }
  if (BigInt(text) >= 2n ** 64n) {
    throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: value out of range`);
  }
  return Number(text);
}

function tooLargeRevision(requested: number, current: number): StatusError {
  const { status } = timeout(`Too large resource version: ${requested}, current: ${current}`, 1);
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  return new StatusError({ ...status, details: { causes, ...status.details } });
}

function unavailable(error: RevisionUnavailableError, token: ContinueToken | undefined): StatusError {
  if (error.requested > error.current) return tooLargeRevision(error.requested, error.current);
  if (token === undefined) return resourceExpired("The resourceVersion for the provided list is too old.");
  const { status } = resourceExpired(CONTINUE_EXPIRED);
  return new StatusError({ ...status, metadata: { continue: encodeContinue({ revision: -1, after: token.after }) } });
}
