// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta: metadata of custom objects, and of objects in them.
import { DecodeError, decodeTyped } from "../../api/decode.ts";
import { badRequest } from "../../api/errors.ts";
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../api/field-errors.ts";
import type { ObjectMeta } from "../../api/generated/types/meta/v1.ts";
import { isQualifiedName } from "../../api/name-validation.ts";
import { validateObjectMeta } from "../object-meta-validation.ts";
import { nameIsDNSSubdomain } from "../resources/shared/names.ts";
import { additionalOf, isEmbedded, isObject, itemsOf, propertyOf, type Schema } from "./structural-schema.ts";

/** Gives an object's metadata the form of its type; returns the unknown fields. Throws a StatusError (400) for values of wrong types. */
export function decodeMetadata(object: Record<string, unknown>, strictPath = "metadata"): string[] {
  const given = object["metadata"];
  if (given === undefined || given === null) return [];
  try {
    const { object: metadata, unknownFields } = decodeTyped("meta.v1.ObjectMeta", given, { collectUnknownFields: true });
    for (const [key, value] of Object.entries(metadata)) if (value === null) delete metadata[key];
    object["metadata"] = metadata;
    return unknownFields.map((field) => (/^unknown field "(.*)"$/.exec(field)?.[1] ?? "")).map((field) => `${strictPath}.${field}`);
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

/** Decodes the metadata of the objects that a value holds; returns their unknown fields. Mutates `value`. */
export function decodeEmbedded(value: unknown, schema: Schema | undefined, path = "", isRoot = true): string[] {
  if (schema === undefined) return [];
  const unknown: string[] = [];
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) unknown.push(...decodeEmbedded(item, itemsOf(schema), `${path}[${index}]`, false));
  } else if (isObject(value)) {
    const prefix = path === "" ? "" : `${path}.`;
    if (!isRoot && isEmbedded(schema)) unknown.push(...decodeMetadata(value, `${prefix}metadata`));
    for (const [key, field] of Object.entries(value)) unknown.push(...decodeEmbedded(field, propertyOf(schema, key) ?? additionalOf(schema), `${prefix}${key}`, false));
  }
  return unknown;
}

/** What is wrong with the apiVersion, kind and metadata of the objects that a value holds. */
export function validateEmbedded(value: unknown, schema: Schema | undefined, path: FieldPath, isRoot = true): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => validateEmbedded(item, itemsOf(schema), path.index(index), false));
  if (!isObject(value)) return [];
  const errors = !isRoot && isEmbedded(schema) ? validateEmbeddedObject(value, path) : [];
  const additional = additionalOf(schema);
  return Object.entries(value).reduce((all, [key, field]) => {
    const property = propertyOf(schema, key);
    if (property === undefined && additional === undefined) return all;
    return [...all, ...validateEmbedded(field, property ?? additional, property === undefined ? path.key(key) : path.child(key), false)];
  }, errors);
}

function validateEmbeddedObject(object: Readonly<Record<string, unknown>>, path: FieldPath): FieldError[] {
  const { kind, apiVersion, metadata } = object;
  const errors: FieldError[] = [];
  if (typeof kind !== "string" || kind === "") errors.push(requiredValue(path.child("kind"), "must not be empty"));
  else errors.push(...isQualifiedName(kind).slice(0, 1).map((message) => invalidValue(path.child("kind"), kind, message)));
  if (typeof apiVersion !== "string" || apiVersion === "") errors.push(requiredValue(path.child("apiVersion"), "must not be empty"));
  if (!isObject(metadata)) return errors;
  return [...errors, ...validateObjectMeta(metadata as ObjectMeta, true, nameIsDNSSubdomain, path.child("metadata")).filter(({ field }) => !field.endsWith(".namespace") && !(field.endsWith("metadata.name") && !("name" in metadata)))];
}
