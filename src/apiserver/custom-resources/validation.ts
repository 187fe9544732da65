// Behaviour: k8s.io/apiextensions-apiserver/pkg/registry/customresource/{strategy,status_strategy,validator}.go.
import { type FieldError, FieldPath, invalidValue } from "../../api/field-errors.ts";
import type { CustomResourceSubresourceScale } from "../../api/generated/types/apiextensions/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { validateEmbedded } from "./embedded-metadata.ts";
import { validateListTypes } from "./list-types.ts";
import { RuleValidator } from "./rules.ts";
import { validateScaleSpec, validateScaleStatus } from "./scale.ts";
import { validateSchema } from "./schema-validator.ts";
import { propertyOf, type Schema } from "./structural-schema.ts";

const ROOT = new FieldPath();

/** Without these, rules cannot be sure of what they look at. */
const BLOCKING: ReadonlySet<string> = new Set(["FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid"]);

/** Checks objects of one version of a custom resource. */
export class ObjectValidator {
  private readonly of: { group: string; version: string; kind: string; schema: Schema; scale: CustomResourceSubresourceScale | undefined };
  private rules: RuleValidator | undefined;

  constructor(of: ObjectValidator["of"]) {
    this.of = of;
  }

  create(object: UnstructuredObject): FieldError[] {
    const { schema, scale } = this.of;
    const errors = this.typeErrors(object);
    if (errors.length === 0) errors.push(...validateSchema(schema, object), ...validateScaleSpec(object, scale), ...validateScaleStatus(object, scale));
    errors.push(...validateEmbedded(object, schema, ROOT), ...validateListTypes(object, schema, ROOT));
    return this.withRules(errors, object, undefined);
  }

  update(next: UnstructuredObject, old: UnstructuredObject): FieldError[] {
    const { schema, scale } = this.of;
    const errors = this.typeErrors(next);
    if (errors.length === 0) {
      errors.push(...validateSchema(schema, next, { previous: { value: old } }), ...validateScaleSpec(next, scale), ...validateScaleStatus(next, scale));
    }
    errors.push(...validateEmbedded(next, schema, ROOT), ...this.listErrors(next, old));
    return this.withRules(errors, next, old);
  }

  updateStatus(next: UnstructuredObject, old: UnstructuredObject): FieldError[] {
    const { schema, scale } = this.of;
    const errors = this.typeErrors(next);
    if (errors.length === 0) {
      const { status } = next;
      if (status !== undefined) {
        const previous = old["status"] === undefined ? {} : { previous: { value: old["status"] } };
        errors.push(...validateSchema(propertyOf(schema, "status"), status, { root: "status", ...previous }));
      }
      errors.push(...validateScaleStatus(next, scale));
    }
    errors.push(...this.listErrors(next, old));
    return this.withRules(errors, next, old);
  }

  private typeErrors({ apiVersion, kind }: UnstructuredObject): FieldError[] {
    const { group, version, kind: wanted } = this.of;
    const errors = kind === wanted ? [] : [invalidValue(new FieldPath("kind"), kind, `must be ${wanted}`)];
    if (apiVersion !== `${group}/${version}`) errors.push(invalidValue(new FieldPath("apiVersion"), apiVersion, `must be ${group}/${version}`));
    return errors;
  }

  /** Lists that were broken before may stay so. */
  private listErrors(next: UnstructuredObject, old: UnstructuredObject): FieldError[] {
    const errors = validateListTypes(next, this.of.schema, ROOT);
    return errors.length > 0 && validateListTypes(old, this.of.schema, ROOT).length > 0 ? [] : errors;
  }

  private withRules(errors: FieldError[], next: UnstructuredObject, old: UnstructuredObject | undefined): FieldError[] {
    this.rules ??= new RuleValidator(this.of.schema);
    if (!this.rules.hasRules) return errors;
    if (!errors.some(({ reason }) => BLOCKING.has(reason))) return [...errors, ...this.rules.validate(next, old)];
    const unchecked = "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
    return [...errors, invalidValue(new FieldPath("<nil>"), null, unchecked)];
  }
}
