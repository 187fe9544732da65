// Behaviour: sigs.k8s.io/structured-merge-diff/v6/typed/merge.go: an applied configuration merged into the live object.
import { isJsonObject, ownField, setField, type JsonObject } from "../../api/patch/json-value.ts";
import type { PathElement } from "./path-element.ts";
import { ANY_MAP, asList, asObject, itemElement, type ListType, type MapType, typeOfField, type ValueType } from "./value-type.ts";

/**
 * The live object with the configuration merged in: what both set has the configuration's value, nothing is removed, and
 * lists have the live order where the configuration changes none of their items. Shares parts with both.
 */
export function mergeValues(type: ValueType, live: unknown, config: unknown): unknown {
  if (config === undefined) return live;
  if (live === undefined || type.kind === "scalar") return config;
  if (type.kind === "any") {
    const objects = isJsonObject(live) && (isJsonObject(config) || config === null) && !(isBare(live) && isBare(config));
    return objects ? mergeObjects(ANY_MAP, live, asObject(config)) : config;
  }
  if (type.kind === "map") return type.atomic || (isBare(live) && isBare(config)) ? config : mergeObjects(type, asObject(live), asObject(config));
  const empty = asList(live).length === 0 && asList(config).length === 0;
  return type.relation === "atomic" || empty ? config : mergeLists(type, asList(live), asList(config));
}

function isBare(value: unknown): boolean {
  return Object.keys(asObject(value)).length === 0;
}

function mergeObjects(type: MapType, live: JsonObject, config: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const name of new Set([...Object.keys(live), ...Object.keys(config)])) {
    setField(out, name, mergeValues(typeOfField(type, name), ownField(live, name), ownField(config, name)));
  }
  return out;
}

/**
 * Takes live items that the configuration does not have in their places, and shared items in the configuration's order.
 */
function mergeLists(type: ListType, live: readonly unknown[], config: readonly unknown[]): unknown[] {
  const liveElements = live.map((item) => itemElement(type, item));
  const configElements = config.map((item) => itemElement(type, item));
  const liveItems = itemsOf(liveElements, live);
  const configItems = itemsOf(configElements, config);
  const shared = configElements.filter((element) => liveItems.has(element));
  const merged = new Set<PathElement>();
  const out: unknown[] = [];
  let [left, right, nextShared] = [0, 0, 0];
  const takeConfig = (element: PathElement): void => {
    merged.add(element);
    out.push(mergeValues(type.element, liveItems.get(element), configItems.get(element)));
    right++;
  };
  while (left < liveElements.length || right < configElements.length) {
    const [own, wanted] = [liveElements[left], configElements[right]];
    if (own !== undefined && own === wanted) {
      takeConfig(own);
      left++;
      nextShared++;
      continue;
    }
    const expected = shared[nextShared];
    if (own !== undefined && wanted !== undefined && configItems.has(own) && expected !== undefined && expected !== own) {
      left++;
      continue;
    }
    if (own !== undefined && !configItems.has(own)) {
      out.push(live[left++]);
      continue;
    }
    if (own !== undefined && merged.has(own)) left++;
    if (wanted === undefined) continue;
    takeConfig(wanted);
    if (expected === wanted) nextShared++;
  }
  return out;
}

/** Items by their steps; those that are there more than once merge with nothing. */
function itemsOf(elements: readonly PathElement[], items: readonly unknown[]): Map<PathElement, unknown> {
  const found = new Map<PathElement, unknown>();
  for (const [index, element] of elements.entries()) found.set(element, found.has(element) ? undefined : items[index]);
  return found;
}
