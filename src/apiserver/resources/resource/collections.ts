// Behaviour: validateSlice, validateSet and validateMap in k8s.io/kubernetes/pkg/apis/resource/validation.
import { duplicateValue, type FieldError, type FieldPath, tooManyItems } from "../../../api/field-errors.ts";

/** Checks a value at a path. */
export type Check<T> = (value: T, path: FieldPath) => FieldError[];

/** Checks each item, unless there are too many. */
export function validateSlice<T>(items: readonly T[] | undefined, max: number, check: Check<T>, path: FieldPath): FieldError[] {
  const list = items ?? [];
  if (list.length > max) return [tooManyItems(path, list.length, max)];
  return list.flatMap((item, index) => check(item, path.index(index)));
}

/** Checks each item, and that no two have one key. */
export function validateSet<T>(items: readonly T[] | undefined, max: number, check: Check<T>, keyOf: (item: T) => string, path: FieldPath): FieldError[] {
  const list = items ?? [];
  const errors = validateSlice(list, max, check, path);
  if (list.length > max) return errors;
  const keys = list.map(keyOf);
  return [...errors, ...keys.flatMap((key, index) => (keys.indexOf(key) < index ? [duplicateValue(path.index(index), key)] : []))];
}

/** Checks each key (at the map's path) and each value, unless there are too many; long keys are shortened in paths. */
export function validateMap<T>(
  map: Readonly<Record<string, T>> | undefined,
  limits: { readonly max: number; readonly keyLength: number },
  checks: { readonly key: Check<string>; readonly value: Check<T> },
  path: FieldPath,
): FieldError[] {
  const entries = Object.entries(map ?? {});
  if (entries.length > limits.max) return [tooManyItems(path, entries.length, limits.max)];
  return entries.flatMap(([key, value]) => [...checks.key(key, path), ...checks.value(value, path.key(shortened(key, limits.keyLength)))]);
}

function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = max - 3;
  return `${text.slice(0, Math.floor((kept + 1) / 2))}...${text.slice(text.length - Math.floor(kept / 2))}`;
}
