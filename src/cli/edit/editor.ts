// Behaviour: k8s.io/kubectl/pkg/cmd/util/editor: the user's editor on a temporary file.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../errors.ts";
import type { IO } from "../io.ts";

/** A text as the user left it, and where it stands. */
export interface Edited {
  readonly text: string;
  readonly path: string;
}

/** Opens the editor of KUBE_EDITOR or EDITOR, else vi, on a text; the file stays for whoever calls to remove. */
export function openEditor(text: string, suffix: string, { env }: IO): Edited {
  const path = join(mkdtempSync(join(tmpdir(), "kubectl-edit-")), `edit${suffix}`);
  writeFileSync(path, text, { mode: 0o600 });
  const editor = env["KUBE_EDITOR"] || env["EDITOR"] || "vi";
  const { status, error } = spawnSync("/bin/sh", ["-c", `${editor} "$0"`, path], { stdio: "inherit", env: { ...env } });
  if (error !== undefined) throw new CommandError(`unable to launch the editor ${JSON.stringify(editor)}`);
  if (status !== 0) throw new CommandError(`there was a problem with the editor ${JSON.stringify(editor)}`);
  return { text: readFileSync(path, "utf8"), path };
}

/** The text without its comments. */
export function withoutComments(text: string): string {
  return text.split("\n").filter((line) => !line.startsWith("#")).join("\n");
}
