// Behaviour: k8s.io/apiserver/pkg/admission/plugin/webhook/mutating/reinvocationcontext.go: who sees the object again after others changed it.
import type { AdmissionRequest } from "./admission.ts";

/** Which hooks (or policies) of one plugin are due, over both rounds of one request. */
export interface Reinvocations {
  /** To be called before a round. */
  begin(): void;
  /** Whether the hook is to be asked in this round. */
  isDue(id: string): boolean;
  /** Some hook changed the object: those that saw it before are to see it again. */
  changed(): void;
  /** The hook wants to see what others change after it. */
  seenBy(id: string): void;
  /** To be called after a round. */
  end(): void;
}

interface State {
  readonly seen: Set<string>;
  readonly due: Set<string>;
  output: string | undefined;
}

/** The plugin's view of the request's rounds. */
export function reinvocationsOf({ reinvocation, object }: AdmissionRequest, plugin: string): Reinvocations {
  const state = (reinvocation?.states.get(plugin) as State | undefined) ?? { seen: new Set(), due: new Set(), output: undefined };
  reinvocation?.states.set(plugin, state);
  const requireSeen = () => {
    for (const id of state.seen) state.due.add(id);
    state.seen.clear();
  };
  return {
    begin() {
      if (reinvocation?.isReinvoke && state.output !== JSON.stringify(object)) requireSeen();
    },
    isDue: (id) => !reinvocation?.isReinvoke || state.due.has(id),
    changed() {
      requireSeen();
      if (reinvocation !== undefined) reinvocation.shouldReinvoke = true;
    },
    seenBy: (id) => void state.seen.add(id),
    end: () => void (state.output = JSON.stringify(object)),
  };
}
