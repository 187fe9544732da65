// Behaviour: applyAppArmorVersionSkew in k8s.io/kubernetes/pkg/registry/core/pod/strategy.go.
import type { AppArmorProfile, Pod } from "../../../../api/generated/types/core/v1.ts";
import { allContainers } from "../../shared/containers.ts";
import { semanticEqual } from "../../shared/semantic-equal.ts";

/** The annotations that named AppArmor profiles before there was a field, followed by the container's name. */
export const APP_ARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

/** Puts what the old annotations say into the fields. */
export function applyAppArmorAnnotations({ metadata, spec }: Pod): void {
  if (spec.os?.name === "windows") return;
  for (const { container } of allContainers(spec)) {
    const annotation = metadata.annotations?.[APP_ARMOR_ANNOTATION + container.name];
    if (annotation === undefined || container.securityContext?.appArmorProfile !== undefined) continue;
    const profile = profileOf(annotation);
    if (profile === undefined || semanticEqual(profile, spec.securityContext?.appArmorProfile)) continue;
    container.securityContext = { ...container.securityContext, appArmorProfile: profile };
  }
}

/** The profile that an annotation names; undefined when it names none. */
export function profileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === "unconfined") return { type: "Unconfined" };
  if (annotation === "runtime/default") return { type: "RuntimeDefault" };
  const name = annotation.startsWith("localhost/") ? annotation.slice("localhost/".length) : "";
  return name.trim() === "" ? undefined : { type: "Localhost", localhostProfile: name };
}
