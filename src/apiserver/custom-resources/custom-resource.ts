// Behaviour: k8s.io/apiextensions-apiserver/pkg/registry/customresource: one version of a custom resource as a resource record.
import { cloneDecoded } from "../../api/decode.ts";
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from "../../api/generated/types/apiextensions/v1.ts";
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import type { TypeSchema } from "../../api/schema.ts";
import { equalExcept } from "../registry/deep-equal.ts";
import { untyped } from "../resource-table.ts";
import type { Resource, Verb } from "../resource.ts";
import { nameIsDNSSubdomain } from "../resources/shared/names.ts";
import { columnsOf } from "./columns.ts";
import { conditionIsTrue } from "./conditions.ts";
import { applyDefaults, dropForbiddenNulls } from "./defaulting.ts";
import { decodeEmbedded, decodeMetadata } from "./embedded-metadata.ts";
import { finalizerWarnings } from "./finalizer-warnings.ts";
import { JsonPath } from "./json-path.ts";
import { pruneObject } from "./pruning.ts";
import { scaleStrategy } from "./scale.ts";
import { preservesUnknown, type Schema } from "./structural-schema.ts";
import { objectTypeSchema } from "./type-schema.ts";
import { ObjectValidator } from "./validation.ts";

/** What turns objects of one version into another; the argument is the callee's own. */
export type ConvertObject = (object: UnstructuredObject, apiVersion: string) => UnstructuredObject;

/** How objects get from one version to another: at once, or by asking a server. */
export interface Conversion {
  readonly convert: ConvertObject;
  readonly ask?: (objects: readonly UnstructuredObject[], apiVersion: string) => Promise<UnstructuredObject[]>;
}

const TERMINATING_VERBS: readonly Verb[] = ["delete", "deletecollection", "get", "list", "watch"];

/** The records of the served versions of a definition, by their accepted names. */
export function customResources(definition: CustomResourceDefinition, conversion: Conversion): Resource[] {
  return definition.spec.versions.filter(({ served }) => served).map((version) => customResource(definition, version, conversion));
}

function customResource(definition: CustomResourceDefinition, version: CustomResourceDefinitionVersion, conversion: Conversion): Resource {
  const { group, scope } = definition.spec;
  const { plural, singular = "", kind, listKind, shortNames, categories } = definition.status.acceptedNames;
  const schema = schemaOfVersion(definition, version.name);
  const { scale, status } = version.subresources ?? {};
  const validator = new ObjectValidator({ group, version: version.name, kind, schema, scale });
  let typeSchema: TypeSchema | undefined;
  return untyped<UnstructuredObject>({
    group,
    version: version.name,
    kind,
    ...(listKind && { listKind }),
    resource: plural,
    singular,
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    namespaced: scope === "Namespaced",
    ...(conditionIsTrue(definition, "Terminating") && { verbs: TERMINATING_VERBS }),
    get schema() {
      return (typeSchema ??= objectTypeSchema(schema));
    },
    ...storage(definition, version.name, conversion),
    tracksGeneration: true,
    allowUnconditionalUpdate: false,
    validateName: nameIsDNSSubdomain,
    adopt(object) {
      const unknown = decodeMetadata(object);
      if (!definition.spec.preserveUnknownFields) unknown.push(...pruneObject(object, schema));
      dropForbiddenNulls(object, schema);
      return [...unknown, ...decodeEmbedded(object, schema)];
    },
    defaults: (object) => applyDefaults(object, schema),
    prepareForCreate(object) {
      if (status !== undefined) delete object["status"];
    },
    prepareForUpdate(next, old) {
      if (status === undefined) {
        if (!equalExcept(next, old, ["metadata"])) next.metadata.generation = (old.metadata.generation ?? 0) + 1;
      } else if (old["status"] !== undefined) next["status"] = old["status"];
      else delete next["status"];
    },
    validateCreate: (object) => validator.create(object),
    validateUpdate: (next, old) => validator.update(next, old),
    warnings: (object, old) => finalizerWarnings(object.metadata.finalizers ?? [], old?.metadata.finalizers ?? []),
    ...(version.deprecated && { deprecationWarning: deprecationOf(definition, version) }),
    ...(status !== undefined && {
      status: {
        prepareForUpdate: keepAllButStatus,
        validateUpdate: (next: UnstructuredObject, old: UnstructuredObject) => validator.updateStatus(next, old),
      },
    }),
    ...(scale !== undefined && { scale: scaleStrategy(scale) }),
    selectableFields: selectableFields(version),
    columns: columnsOf(version.additionalPrinterColumns),
  });
}

/** The schema of a version: what has none keeps all fields. */
export function schemaOfVersion(definition: CustomResourceDefinition, version: string): Schema {
  return definition.spec.versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true };
}

/** How objects are kept; those that can only have been written by this very definition are kept as they are. */
function storage(definition: CustomResourceDefinition, version: string, { convert, ask }: Conversion): Pick<Resource<UnstructuredObject>, "storedAs"> {
  const { group, versions, names } = definition.spec;
  if (versions.length === 1 && definition.metadata.generation === 1) return {};
  const stored = versions.find((candidate) => candidate.storage)?.name ?? version;
  const complete = (object: UnstructuredObject): UnstructuredObject => {
    const schema = schemaOfVersion(definition, object.apiVersion.slice(group.length + 1));
    if (!definition.spec.preserveUnknownFields && !preservesUnknown(schema)) pruneObject(object, schema);
    dropForbiddenNulls(object, schema);
    applyDefaults(object, schema);
    return object;
  };
  return {
    storedAs: {
      group,
      version: stored,
      resource: names.plural,
      toStored: (object) => (object.apiVersion === `${group}/${stored}` ? object : complete(convert(object, `${group}/${stored}`))),
      fromStored(object: KubernetesObject) {
        const kept = complete(object as UnstructuredObject);
        return kept.apiVersion === `${group}/${version}` ? kept : complete(convert(kept, `${group}/${version}`));
      },
      ...(ask && {
        async convert(objects: readonly KubernetesObject[], apiVersion: string) {
          const made = await ask(objects.map((object) => complete(cloneDecoded(object) as UnstructuredObject)), apiVersion);
          return made.map(complete);
        },
      }),
    },
  };
}

/** A status update changes nothing but status. */
function keepAllButStatus(next: UnstructuredObject, old: UnstructuredObject): void {
  const { status } = next;
  const { managedFields } = next.metadata;
  for (const key of Object.keys(next)) if (key !== "metadata") delete next[key];
  Object.assign(next, structuredClone({ ...old, metadata: { ...old.metadata, managedFields: undefined } }));
  if (managedFields === undefined) delete next.metadata.managedFields;
  else next.metadata.managedFields = managedFields;
  if (status === undefined) delete next["status"];
  else next["status"] = status;
}

function selectableFields(version: CustomResourceDefinitionVersion): Record<string, (object: UnstructuredObject) => string> {
  return Object.fromEntries(
    (version.selectableFields ?? []).map(({ jsonPath }) => {
      const path = new JsonPath(jsonPath);
      return [jsonPath.replace(/^\./, ""), (object: UnstructuredObject) => textOf(path.find(object)[0])];
    }),
  );
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

function deprecationOf({ spec, status }: CustomResourceDefinition, { name, deprecationWarning }: CustomResourceDefinitionVersion): string {
  return deprecationWarning ?? `${spec.group}/${name} ${status.acceptedNames.kind} is deprecated`;
}
