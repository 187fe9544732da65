// Behaviour: k8s.io/kubectl/pkg/cmd/delete/delete_flags.go: the flags of commands that delete objects, also on the way (replace, apply).
import type { DeleteBody } from "../object-writer.ts";
import { CommandError } from "../errors.ts";
import { boolFlag, durationFlag, intFlag, stringFlag } from "../flags.ts";
import type { IO } from "../io.ts";

/** The flags of a deletion that apply and replace have too. */
export const deletionFlags = {
  cascade: stringFlag('Must be "background", "orphan", or "foreground": what becomes of the objects that the deleted ones own.', { default: "background", bare: "background" }),
  force: boolFlag("Remove objects from the API at once, without a graceful end."),
  "grace-period": intFlag("Seconds that the object has to end gracefully. A negative number means the object's own. 0 only together with --force.", { default: -1 }),
  timeout: durationFlag("How long to wait before giving up on a delete; zero means as long as it takes."),
};

/** Reads --cascade; throws CommandError for other values. */
export function readCascade(value: string, io: IO): NonNullable<DeleteBody["propagationPolicy"]> {
  if (value === "background") return "Background";
  if (value === "foreground") return "Foreground";
  if (value === "orphan") return "Orphan";
  const isTrue = /^(?:1|t|T|true|TRUE|True)$/.test(value);
  if (!isTrue && !/^(?:0|f|F|false|FALSE|False)$/.test(value)) {
    throw new CommandError(`invalid cascade value (${value}). Must be "background", "foreground", or "orphan"`);
  }
  io.err(`warning: --cascade=${value} is deprecated (boolean value) and can be replaced with --cascade=${isTrue ? "background" : "orphan"}.\n`);
  return isTrue ? "Background" : "Orphan";
}

/** The body of a delete with that grace period, which is left to the object when negative. */
export function deleteBody(gracePeriod: number, propagationPolicy: NonNullable<DeleteBody["propagationPolicy"]>): DeleteBody {
  return { ...(gracePeriod >= 0 && { gracePeriodSeconds: gracePeriod }), propagationPolicy };
}
