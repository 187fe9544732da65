// Behaviour: k8s.io/apiserver/pkg/registry/rest and pkg/registry/*/strategy.go: what the server knows of one resource.
import type { FieldError } from "../api/field-errors.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { TypeSchema } from "../api/schema.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";

/** The verbs of a resource, as discovery names them. */
export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

/** Who asks. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What a resource's functions may know of the request, and of the world. */
export interface RequestContext {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly user: UserInfo;
  /** "" for cluster-scoped objects. */
  readonly namespace: string;
  readonly dryRun: boolean;
  /** Reads any stored object, decoded and not to be mutated; undefined when it is not there. */
  lookup<T extends KubernetesObject>(resource: { group: string; resource: string }, namespace: string, name: string): T | undefined;
  /** Lists stored objects of a namespace ("" for all), decoded and not to be mutated. */
  lookupAll<T extends KubernetesObject>(resource: { group: string; resource: string }, namespace: string): readonly T[];
}

/** One column of a Table, with the function that fills it. */
export interface TableColumn<T> {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description: string;
  /** 0 is always shown, 1 only with -o wide. */
  readonly priority: number;
  /** `now`, in milliseconds since the epoch, is for ages. */
  cell(object: T, now: number): string | number | boolean | null;
}

/** What a subresource of its own storage semantics changes: status, and those like it. */
export interface SubresourceStrategy<T extends KubernetesObject> {
  /** Resets on `next` what this subresource may not change, from `old`. Mutates `next`. */
  prepareForUpdate(next: T, old: T, context: RequestContext): void;
  validateUpdate?(next: T, old: T, context: RequestContext): FieldError[];
}

/** Replica counts seen through the scale subresource. */
export interface ScaleStrategy<T extends KubernetesObject> {
  get(object: T): { replicas: number; statusReplicas: number; selector: string };
  set(object: T, replicas: number): void;
  /** The names that lead to the wanted count; absent: spec.replicas. */
  readonly replicasPath?: readonly string[];
}

/**
 * One version of one resource. Functions that take an object and return nothing mutate it; it is decoded, complete and
 * not shared. Order of a create: defaults, prepareForCreate, validate. Of an update: defaults, prepareForUpdate,
 * validate, validateUpdate.
 */
export interface Resource<T extends KubernetesObject = KubernetesObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Defaults to kind + "List". */
  readonly listKind?: string;
  /** The plural in paths, e.g. "deployments". */
  readonly resource: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /** Defaults to all of them. */
  readonly verbs?: readonly Verb[];
  /** The type's name in the runtime schema, e.g. "apps.v1.Deployment"; absent for custom resources. */
  readonly type?: string;
  /** The type of custom objects, where they have a structural schema. */
  readonly schema?: TypeSchema;
  /** Another version of the same objects, which is the one stored. */
  readonly storedAs?: {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
    toStored(object: T): KubernetesObject;
    fromStored(object: KubernetesObject): T;
    /** Where only another server can convert: what it makes of stored objects and of those to store, complete and in their order. */
    convert?(objects: readonly KubernetesObject[], apiVersion: string): Promise<readonly KubernetesObject[]>;
  };
  /** The messages of what is wrong with a name; `prefix` when it is a generateName. */
  validateName(name: string, prefix: boolean): string[];
  /** Custom resources: gives a decoded body the form of its schema; answers the paths of the fields that it dropped. */
  adopt?(object: T): string[];
  defaults?(object: T): void;
  prepareForCreate?(object: T, context: RequestContext): void;
  prepareForUpdate?(next: T, old: T, context: RequestContext): void;
  validate?(object: T, context: RequestContext): FieldError[];
  validateUpdate?(next: T, old: T, context: RequestContext): FieldError[];
  /** Checks of a new object only; `validate` is for all. */
  validateCreate?(object: T, context: RequestContext): FieldError[];
  /** What every request for the resource is answered with, where its definition says so. */
  readonly deprecationWarning?: string;
  /** Marks an object whose deletion is to be finished by a controller; false when it is marked already. */
  beginDeletion?(object: T, now: number): boolean;
  /** Warnings for the client; `old` on updates. */
  warnings?(object: T, old: T | undefined): string[];
  /** What to do after an object is written or gone, e.g. release its addresses. */
  afterDelete?(object: T, context: RequestContext): void;
  /** Set when the resource has a status subresource: the main one then keeps status, this one keeps all else. */
  readonly status?: SubresourceStrategy<T>;
  readonly scale?: ScaleStrategy<T>;
  /** Update-like subresources beyond status, by name: ephemeralcontainers, resize, approval, finalize. */
  readonly subresources?: Readonly<Record<string, SubresourceStrategy<T>>>;
  /** Whether metadata.generation counts changes of what is neither metadata nor status. Defaults to true when there is a status. */
  readonly tracksGeneration?: boolean;
  /** Whether PUT on a name that is not there creates. */
  readonly allowCreateOnUpdate?: boolean;
  /** Whether PUT without a resourceVersion overwrites; defaults to true. */
  readonly allowUnconditionalUpdate?: boolean;
  /** Seconds of grace a deletion gives when the client names none; undefined: deletion is at once. */
  gracePeriodSeconds?(object: T, requested: number | undefined): number | undefined;
  /** Field selectors beyond metadata.name and metadata.namespace. */
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
  /** Columns after Name... including Name itself; absent: Name and Created At. */
  readonly columns?: readonly TableColumn<T>[];
}
