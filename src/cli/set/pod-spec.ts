// Behaviour: k8s.io/kubectl/pkg/polymorphichelpers/updatepodspec.go and pkg/cmd/set/helper.go (selectContainers).
import type { Container, PodSpec } from "../../api/generated/types/core/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { CommandError } from "../errors.ts";
import { goTypeOf } from "../pod-lookup.ts";

interface WithTemplate {
  template?: { spec: PodSpec };
  jobTemplate?: { spec: { template: { spec: PodSpec } } };
}

/** The pod spec of a pod or of a workload's template. Throws CommandError for other kinds. */
export function podSpecOf(object: UnstructuredObject): PodSpec {
  const spec = object["spec"] as PodSpec & WithTemplate;
  switch (object.kind) {
    case "Pod":
      return spec;
    case "ReplicationController":
    case "Deployment":
    case "DaemonSet":
    case "ReplicaSet":
    case "StatefulSet":
    case "Job":
      if (spec.template !== undefined) return spec.template.spec;
      break;
    case "CronJob":
      if (spec.jobTemplate !== undefined) return spec.jobTemplate.spec.template.spec;
      break;
    default:
  }
  throw new CommandError(`the object is not a pod or does not have a pod template: ${goTypeOf(object)}`);
}

/** The containers whose name matches, those that run before the others last; "*" stands for any letters. */
export function selectContainers({ containers, initContainers = [] }: PodSpec, pattern: string): Container[] {
  const expression = new RegExp(`^${pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`, "s");
  return [...containers, ...initContainers].filter(({ name }) => expression.test(name));
}
