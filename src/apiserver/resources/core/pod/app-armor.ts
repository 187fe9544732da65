// Behaviour: applyAppArmorVersionSkew in k8s.io/kubernetes/pkg/registry/core/pod/strategy.go.
import type { Pod } from "../../../../api/generated/types/core/v1.ts";
import { profileOf } from "../../shared/app-armor-annotation.ts";
import { allContainers } from "../../shared/containers.ts";
import { APP_ARMOR_ANNOTATION } from "../../shared/pod-spec/annotations.ts";
import { semanticEqual } from "../../shared/semantic-equal.ts";

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
