// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning: what the schema does not name is dropped.
import { isEmbedded, isObject, itemsOf, META_FIELDS, additionalOf, preservesUnknown, propertyOf, type Schema } from "./structural-schema.ts";

/** Drops the fields of a whole object that its schema does not name; returns their paths, sorted. Mutates `object`. */
export function pruneObject(object: Record<string, unknown>, schema: Schema | undefined): string[] {
  return new Pruning().root(object, schema);
}

/** Drops the fields of part of an object, as a default is one. Mutates `value`. */
export function pruneValue(value: unknown, schema: Schema | undefined): string[] {
  return new Pruning().value(value, schema);
}

class Pruning {
  private readonly dropped: string[] = [];

  root(object: Record<string, unknown>, schema: Schema | undefined): string[] {
    this.prune(object, { ...schema, "x-kubernetes-embedded-resource": true }, "");
    return this.dropped.sort();
  }

  value(value: unknown, schema: Schema | undefined): string[] {
    this.prune(value, schema, "");
    return this.dropped.sort();
  }

  private prune(value: unknown, schema: Schema | undefined, path: string): void {
    const preserves = preservesUnknown(schema);
    if (Array.isArray(value)) {
      const items = itemsOf(schema);
      for (const [index, item] of value.entries()) {
        const kept = preserves ? { ...items, "x-kubernetes-preserve-unknown-fields": true } : items;
        this.prune(item, kept, `${path}[${index}]`);
      }
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) this.pruneField(value, key, schema, preserves, path);
    }
  }

  private pruneField(object: Record<string, unknown>, key: string, schema: Schema | undefined, preserves: boolean, path: string): void {
    if (isEmbedded(schema) && META_FIELDS.has(key)) return;
    const at = path === "" ? key : `${path}.${key}`;
    const property = propertyOf(schema, key);
    const isMap = schema?.additionalProperties !== undefined;
    if (property !== undefined || isMap) this.prune(object[key], property ?? additionalOf(schema), at);
    else if (!preserves) {
      this.dropped.push(at);
      delete object[key];
    }
  }
}
