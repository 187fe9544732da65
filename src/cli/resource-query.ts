// Behaviour: k8s.io/cli-runtime/pkg/resource (Builder, Visitor, Helper): which objects a command's words, files and selectors mean.
import { parseLabelSelector } from "../api/label-selector.ts";
import { type KubernetesList, type UnstructuredObject, parseApiVersion } from "../api/object.ts";
import type { Query } from "../client/resource-path.ts";
import { CommandError, ErrorList, NoKindMatchError, NoResourceMatchError, messageOf } from "./errors.ts";
import type { Factory, NamespaceChoice } from "./factory.ts";
import { checkKind, decodeObject } from "./manifest-object.ts";
import { type FilenameOptions, type ManifestSources, manifestSources } from "./manifest-sources.ts";
import { type ResourceWords, readResourceWords, readTuple } from "./resource-arguments.ts";
import { getObject, listPages } from "./resource-requests.ts";
import type { ResourceMapping, RestMapper } from "./rest-mapper.ts";

/** One object that a command works on: known by name, by its manifest, or as the server holds it. */
export interface ResourceInfo {
  readonly mapping: ResourceMapping;
  namespace: string;
  readonly name: string;
  /** Where its manifest came from; "" for objects of the server. */
  readonly source: string;
  readonly subresource: string;
  /** The manifest or the server's object; with `requireObject: false` undefined until it is fetched. May be a list or a Table. */
  object?: UnstructuredObject;
}

/** What a command asks for. */
export interface ResourceQuery {
  /** Words of the command line: types and names, TYPE/NAME. */
  readonly args?: readonly string[];
  /** A type that the words are names of, e.g. for `cordon NODE`; words may still be TYPE/NAME. */
  readonly type?: string;
  /** Whether a type alone means all of its objects. */
  readonly allowEmptySelector?: boolean;
  readonly files?: FilenameOptions;
  readonly namespace: NamespaceChoice;
  readonly allNamespaces?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly selectAll?: boolean;
  readonly chunkSize?: number;
  readonly subresource?: string;
  /** Take lists apart into their items. */
  readonly flatten?: boolean;
  /** Fetch what the manifests name. */
  readonly latest?: boolean;
  readonly continueOnError?: boolean;
  /** Fetch objects known by name only; true unless said otherwise. */
  readonly requireObject?: boolean;
  readonly singleType?: boolean;
  /** Answers' format and further query parameters, for Tables. */
  readonly accept?: string;
  readonly parameters?: Query;
  /** Objects from files need no server: mappings are made up from their kinds. */
  readonly local?: boolean;
  /** Say before anything else when a document has no kind or apiVersion. */
  readonly validate?: boolean;
}

/** Calls back for each object found; what the callback throws ends the visit, or is collected with `continueOnError`. */
export type ResourceVisitor = (info: ResourceInfo) => Promise<void> | void;

/** The objects that a query found, fetched as they are visited. */
export interface ResourceResult {
  /** The query named exactly one object. */
  readonly singleItemImplied: boolean;
  /** The query named objects, not whole types. */
  readonly targetsSingleItems: boolean;
  /** The types that a selector or name query goes over; empty for files. */
  readonly mappings: readonly ResourceMapping[];
  /** Visits every object in order. Throws the error, or an ErrorList with `continueOnError`. */
  visit(visitor: ResourceVisitor): Promise<void>;
  /** All objects; throws what visiting throws. */
  infos(): Promise<ResourceInfo[]>;
}

const MISSING = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

/** Finds what a query means; throws CommandErrors where its parts do not go together. */
export async function findResources(factory: Factory, query: ResourceQuery): Promise<ResourceResult> {
  const files = query.files === undefined ? undefined : fileSources(query.files, factory);
  if (query.selectAll === true && ((query.labelSelector ?? "") !== "" || (query.fieldSelector ?? "") !== "")) {
    throw new CommandError("setting 'all' parameter but found a non empty selector. ");
  }
  const mapper = query.local === true ? undefined : await factory.mapper();
  const words = await wordsOf(query, mapper, factory);
  const finder = new Finder(factory, query, mapper);
  if (files !== undefined && files.sources.length > 0) {
    if (words.types.length > 0) throw new CommandError("when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well");
    if (words.names.length > 0) throw new CommandError("name cannot be provided when a path is specified");
    if (words.tuples.length > 0) throw new CommandError("resource/name arguments cannot be provided when a path is specified");
    return finder.result([], files.single, true, () => finder.fromFiles(files));
  }
  if (mapper === undefined) {
    throw new CommandError("error: you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'");
  }
  const everything = query.allowEmptySelector === true && words.types.length > 0 && words.names.length === 0;
  if ((query.labelSelector ?? "") !== "" || (query.fieldSelector ?? "") !== "" || query.selectAll === true || everything) {
    if (words.names.length > 0) throw new CommandError("name cannot be provided when a selector is specified");
    if (words.tuples.length > 0) throw new CommandError("selectors and the all flag cannot be used when passing resource/name arguments");
    if (words.types.length === 0) throw new CommandError("at least one resource must be specified to use a selector");
    if ((query.subresource ?? "") !== "") throw new CommandError("subresource cannot be used when bulk resources are specified");
    const mappings = await finder.mappings(words.types);
    return finder.result(mappings, false, false, () => finder.bySelector(mappings));
  }
  if (words.tuples.length > 0) {
    const named = await Promise.all(words.tuples.map(async ({ resource, name }) => ({ mapping: await finder.mapping(resource), name })));
    if (query.singleType === true && new Set(named.map(({ mapping }) => mapping)).size > 1) throw new CommandError("you may only specify a single resource type");
    return finder.result(named.map(({ mapping }) => mapping), named.length === 1, true, () => finder.byName(named, query.continueOnError === true));
  }
  if (words.names.length > 0) {
    if (words.types.length === 0) throw new CommandError("you must provide a resource and a resource name together");
    if (words.types.length > 1) throw new CommandError("you must specify only one resource");
    const [mapping] = await finder.mappings(words.types);
    if (mapping === undefined) throw new CommandError(MISSING);
    const named = words.names.map((name) => ({ mapping, name }));
    return finder.result([mapping], named.length === 1, true, () => finder.byName(named, false));
  }
  if (words.types.length > 0) {
    await finder.mappings(words.types);
    throw new CommandError("resource(s) were provided, but no name was specified");
  }
  throw new CommandError(MISSING);
}

function fileSources(files: FilenameOptions, factory: Factory): ManifestSources {
  if (files.filenames.length > 0 && files.kustomize !== "") throw new CommandError("only one of -f or -k can be specified");
  if (files.kustomize !== "" && !files.recursive) throw new CommandError(`-k is not supported: build ${JSON.stringify(files.kustomize)} with kustomize, and pass the result with -f`);
  if (files.kustomize !== "" && files.recursive) throw new CommandError("the -k flag can't be used with -f or -R");
  return manifestSources(files, factory.io);
}

async function wordsOf(query: ResourceQuery, mapper: RestMapper | undefined, factory: Factory): Promise<ResourceWords> {
  const args = query.args ?? [];
  if (query.type !== undefined) {
    const { type } = query;
    return { tuples: args.map((word) => (word.includes("/") ? readTuple(word) : { resource: type, name: word })), types: args.length === 0 ? [type] : [], names: [] };
  }
  const expand = async (word: string) => (await mapper?.category(word))?.map(({ resource, group }) => (group === "" ? resource : `${resource}.${group}`));
  return readResourceWords(args, expand, factory.program);
}

/** Carries out one query. */
class Finder {
  private readonly factory: Factory;
  private readonly query: ResourceQuery;
  private readonly mapper: RestMapper | undefined;

  constructor(factory: Factory, query: ResourceQuery, mapper: RestMapper | undefined) {
    this.factory = factory;
    this.query = query;
    this.mapper = mapper;
  }

  /** The mapping of a user's word; its absence in kubectl's words. */
  async mapping(word: string): Promise<ResourceMapping> {
    try {
      if (this.mapper === undefined) throw new NoResourceMatchError({ resource: word });
      return await this.mapper.resource(word);
    } catch (error) {
      if (!(error instanceof NoResourceMatchError)) throw error;
      throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(error.resource)}`);
    }
  }

  /** The mappings of several words, each once. */
  async mappings(words: readonly string[]): Promise<ResourceMapping[]> {
    if (words.length > 1 && this.query.singleType === true) throw new CommandError("you may only specify a single resource type");
    return [...new Set(await Promise.all(words.map((word) => this.mapping(word))))];
  }

  /** A result whose visits go through `source`, decorated as the query says. */
  result(
    mappings: readonly ResourceMapping[],
    singleItemImplied: boolean,
    targetsSingleItems: boolean,
    source: () => AsyncIterable<ResourceInfo | SourceError>,
  ): ResourceResult {
    const eager = targetsSingleItems && mappings.length !== 1;
    const visit = (visitor: ResourceVisitor) => this.visit(source(), visitor, eager);
    return {
      singleItemImplied,
      targetsSingleItems,
      mappings,
      visit,
      async infos() {
        const found: ResourceInfo[] = [];
        await visit((info) => void found.push(info));
        return found;
      },
    };
  }

  /** Errors of files and of objects named one by one (`eager`) come as a list, even a single one. */
  private async visit(source: AsyncIterable<ResourceInfo | SourceError>, visitor: ResourceVisitor, eager: boolean): Promise<void> {
    const errors: unknown[] = [];
    for await (const item of source) {
      try {
        if (item instanceof SourceError) throw item.reason;
        this.place(item);
        if (item.object === undefined && this.query.requireObject !== false) await this.fetch(item);
        await visitor(item);
      } catch (error) {
        if (this.query.continueOnError !== true) throw error;
        errors.push(error);
      }
    }
    if (errors.length === 1 && !eager) throw errors[0];
    if (errors.length > 0) throw new ErrorList(errors.flatMap((error) => (error instanceof ErrorList ? error.errors : [error])));
  }

  /** Settles the namespace: the query's where the object has none; another one is refused when --namespace was given. */
  private place(info: ResourceInfo): void {
    const { namespace } = this.query;
    const item = info.object !== undefined && !isList(info.object) ? info.object : undefined;
    if (!info.mapping.namespaced) {
      info.namespace = "";
      if (item?.metadata.namespace !== undefined) delete item.metadata.namespace;
      return;
    }
    if (info.namespace === "" && this.query.local === true) return;
    if (info.namespace === "" && this.query.allNamespaces !== true) {
      info.namespace = namespace.name;
      if (item !== undefined) item.metadata.namespace = namespace.name;
    } else if (namespace.explicit && info.source !== "" && info.namespace !== namespace.name) {
      throw new CommandError(
        `the namespace from the provided object ${JSON.stringify(info.namespace)} does not match the namespace ${JSON.stringify(namespace.name)}. You must pass '--namespace=${info.namespace}' to perform this operation.`,
      );
    }
  }

  async fetch(info: ResourceInfo): Promise<void> {
    info.object = await getObject(await this.factory.transport(), info, this.query.accept, this.query.parameters);
  }

  async *byName(named: readonly { mapping: ResourceMapping; name: string }[], _eager: boolean): AsyncGenerator<ResourceInfo | SourceError> {
    for (const { mapping } of named) {
      if (!mapping.namespaced || this.query.allNamespaces !== true) continue;
      throw new CommandError("a resource cannot be retrieved by name across all namespaces");
    }
    for (const { mapping, name } of named) {
      yield { mapping, namespace: mapping.namespaced ? this.query.namespace.name : "", name, source: "", subresource: this.query.subresource ?? "" };
    }
  }

  async *bySelector(mappings: readonly ResourceMapping[]): AsyncGenerator<ResourceInfo | SourceError> {
    const transport = await this.factory.transport();
    for (const mapping of mappings) {
      const namespace = mapping.namespaced && this.query.allNamespaces !== true ? this.query.namespace.name : "";
      try {
        for await (const list of listPages(transport, mapping, namespace, this.query)) {
          if (this.query.flatten === true && isList(list)) yield* this.flattened(list, mapping);
          else yield { mapping, namespace, name: "", source: "", subresource: "", object: list };
        }
      } catch (error) {
        if (this.query.continueOnError !== true) throw error;
        yield new SourceError(error);
      }
    }
  }

  private *flattened(list: UnstructuredObject, mapping: ResourceMapping): Generator<ResourceInfo> {
    const { items = [] } = list as unknown as KubernetesList<UnstructuredObject>;
    const kind = list.kind.replace(/List$/, "");
    for (const item of items) {
      const object = { ...item, apiVersion: item.apiVersion ?? list.apiVersion, kind: item.kind ?? kind };
      yield { mapping, namespace: object.metadata.namespace ?? "", name: object.metadata.name ?? "", source: "", subresource: "", object };
    }
  }

  async *fromFiles({ sources }: ManifestSources): AsyncGenerator<ResourceInfo | SourceError> {
    // The YAML library is slow to load, and most commands read no file.
    const { readDocuments } = await import("./manifest-reader.ts");
    const selector = (this.query.labelSelector ?? "") === "" ? undefined : readSelector(this.query.labelSelector ?? "");
    for (const source of sources) {
      try {
        const text = await source.read();
        for (const document of readDocuments(text, source.name)) {
          if (this.query.validate === true) checkKind(document, source.name);
          yield* this.fromDocument(document, source.name, selector);
        }
      } catch (error) {
        if (this.query.continueOnError !== true) throw error;
        yield new SourceError(error);
      }
    }
  }

  private async *fromDocument(document: unknown, source: string, selector: ReturnType<typeof readSelector> | undefined): AsyncGenerator<ResourceInfo | SourceError> {
    let info: ResourceInfo;
    try {
      const object = decodeObject(document, source);
      if (this.query.flatten === true && isList(object)) {
        for (const item of object.items as unknown[]) yield* this.fromDocument(item, source, selector);
        return;
      }
      if (selector !== undefined && !selector.matches(object.metadata.labels ?? {})) return;
      info = {
        mapping: await this.mappingOf(object, source),
        namespace: object.metadata.namespace ?? "",
        name: object.metadata.name ?? "",
        source,
        subresource: this.query.subresource ?? "",
        object,
      };
      if (this.query.latest === true && info.name !== "") {
        this.place(info);
        await this.fetch(info);
      }
    } catch (error) {
      yield new SourceError(error);
      return;
    }
    yield info;
  }

  private async mappingOf(object: UnstructuredObject, source: string): Promise<ResourceMapping> {
    const { group, version } = parseApiVersion(object.apiVersion) ?? { group: object.apiVersion, version: "" };
    if (this.mapper === undefined) return localMapping(group, version, object.kind);
    try {
      return await this.mapper.kind({ group, version, kind: object.kind });
    } catch (error) {
      if (!(error instanceof NoKindMatchError)) throw new CommandError(`unable to recognize ${JSON.stringify(source)}: ${messageOf(error)}`);
      const { name = "", namespace = "" } = object.metadata;
      throw new CommandError(
        `resource mapping not found for name: ${JSON.stringify(name)} namespace: ${JSON.stringify(namespace)} from ${JSON.stringify(source)}: ${error.message}\nensure CRDs are installed first`,
      );
    }
  }
}

/** Carries an error through a stream of objects, so that the visit decides whether it goes on. */
class SourceError {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

function readSelector(text: string) {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    throw new CommandError(`the provided selector ${JSON.stringify(text)} is not valid: ${messageOf(error)}`);
  }
}

function localMapping(group: string, version: string, kind: string): ResourceMapping {
  return { group, version, kind, resource: kind.toLowerCase(), singular: "", shortNames: [], categories: [], verbs: [], subresources: [], namespaced: true };
}

/** Whether an object is a list of others. */
export function isList(object: UnstructuredObject): boolean {
  return object.kind.endsWith("List") && Array.isArray(object.items);
}
