// Behaviour: ValidateFlowSchemaStatus and ValidatePriorityLevelConfigurationStatus in k8s.io/kubernetes/pkg/apis/flowcontrol/validation.
import { duplicateValue, type FieldError, FieldPath, requiredValue } from "../../../api/field-errors.ts";

/** What is wrong with a status: each condition has a type of its own. */
export function validateStatus({ status }: { status: { conditions?: readonly { type?: string }[] } }): FieldError[] {
  const path = new FieldPath("status").child("conditions");
  const types = (status.conditions ?? []).map(({ type = "" }) => type);
  return types.flatMap((type, index) => {
    const at = path.index(index).child("type");
    return [...(types.indexOf(type) < index ? [duplicateValue(at, type)] : []), ...(type === "" ? [requiredValue(at)] : [])];
  });
}
