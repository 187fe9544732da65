// Optional values for variables of expressions.
import { Environment } from "@marcbachmann/cel-js";

const environment = new Environment({ enableOptionalTypes: true }).registerVariable("value", "dyn");
const some = environment.parse("optional.of(value)");
const none = environment.parse("optional.none()");

/** An optional that holds a value; none for undefined. */
export function optionalValue(value: unknown): unknown {
  return value === undefined ? none({}) : some({ value });
}
