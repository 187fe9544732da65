// Behaviour: k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go: how an apply that meets other owners fails.
import { applyConflict, type StatusError } from "../../api/errors.ts";
import { type FieldSet, pathsOf } from "./field-set.ts";
import type { Manager } from "./managers.ts";
import { formatPath, type PathElement } from "./path-element.ts";

/** One field that an apply would change, and another manager that owns it. */
export interface Conflict {
  readonly identifier: string;
  readonly manager: Manager;
  readonly path: readonly PathElement[];
}

/** An apply met other owners; it becomes a StatusError once it is clear that none of them may be overruled. */
export class ApplyConflictError extends Error {
  override readonly name = "ApplyConflictError";
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    super("apply conflict");
    this.conflicts = conflicts;
  }

  /** 409 with one cause a field. */
  toStatusError(): StatusError {
    const causes = this.conflicts.map(({ manager, path }) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${formatManager(manager)}`,
      field: formatPath(path),
    }));
    return applyConflict(this.describe(), causes);
  }

  private describe(): string {
    const [first, ...more] = this.conflicts;
    if (first !== undefined && more.length === 0) {
      return `Apply failed with 1 conflict: conflict with ${formatManager(first.manager)}: ${formatPath(first.path)}`;
    }
    const lines: string[] = [];
    let last = "";
    for (const { identifier, manager, path } of this.conflicts) {
      if (identifier !== last) lines.push(`conflicts with ${formatManager(manager)}:`);
      lines.push(`- ${formatPath(path)}`);
      last = identifier;
    }
    return `Apply failed with ${this.conflicts.length} conflicts: ${lines.join("\n")}`;
  }
}

/** The conflicts with each manager, sorted by their identifiers. */
export function conflictsOf(owners: ReadonlyMap<string, { readonly manager: Manager; readonly set: FieldSet }>): Conflict[] {
  const sorted = [...owners].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flatMap(([identifier, { manager, set }]) => [...pathsOf(set)].map((path) => ({ identifier, manager, path })));
}

function formatManager({ name, subresource, operation, apiVersion }: Manager): string {
  const text = subresource === "" ? JSON.stringify(name) : `${JSON.stringify(name)} with subresource ${JSON.stringify(subresource)}`;
  return operation === "Update" ? `${text} using ${apiVersion}` : text;
}
