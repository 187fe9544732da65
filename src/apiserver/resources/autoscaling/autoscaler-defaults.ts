// Behaviour: k8s.io/kubernetes/pkg/apis/autoscaling/v2/defaults.go.
import type { HorizontalPodAutoscaler, HPAScalingRules, MetricSpec } from "../../../api/generated/types/autoscaling/v2.ts";

const PERIOD_SECONDS = 15;
const DEFAULT_CPU_UTILIZATION = 80;

const SCALE_UP: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Pods", value: 4, periodSeconds: PERIOD_SECONDS },
    { type: "Percent", value: 100, periodSeconds: PERIOD_SECONDS },
  ],
};
const SCALE_DOWN: HPAScalingRules = { selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: PERIOD_SECONDS }] };

/** Fills the defaults of an autoscaler. */
export function defaultAutoscaler({ spec }: HorizontalPodAutoscaler): void {
  spec.minReplicas ??= 1;
  if ((spec.metrics ?? []).length === 0) spec.metrics = [defaultMetric()];
  if (spec.behavior === undefined) return;
  spec.behavior = { scaleUp: withDefaults(spec.behavior.scaleUp, SCALE_UP), scaleDown: withDefaults(spec.behavior.scaleDown, SCALE_DOWN) };
}

/** What is measured when nothing is named: the use of CPU. */
export function defaultMetric(): MetricSpec {
  return { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: DEFAULT_CPU_UTILIZATION } } };
}

function withDefaults(rules: HPAScalingRules | undefined, defaults: HPAScalingRules): HPAScalingRules {
  return { ...structuredClone(defaults), ...rules };
}
