// Behaviour: ApparmorFieldForAnnotation in k8s.io/kubernetes/pkg/api/pod/util.go.
import type { AppArmorProfile } from "../../../api/generated/types/core/v1.ts";

/** The profile that an annotation names; undefined when it names none. */
export function profileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === "unconfined") return { type: "Unconfined" };
  if (annotation === "runtime/default") return { type: "RuntimeDefault" };
  const name = annotation.startsWith("localhost/") ? annotation.slice("localhost/".length) : "";
  return name === "" || name.trim() !== name ? undefined : { type: "Localhost", localhostProfile: name };
}
