// Behaviour: k8s.io/apimachinery/pkg/util/intstr.

/** A number or a percentage such as "25%". */
export type IntOrString = number | string;

/** The number meant: itself, or the percentage of `total`, rounded up or down; throws an Error with upstream's message. */
export function scaledValue(value: IntOrString, total: number, roundUp: boolean): number {
  if (typeof value === "number") return value;
  const percent = parsePercent(value);
  if (percent === undefined) throw new Error(`invalid value for IntOrString: invalid type: string is not a percentage`);
  const exact = (percent * total) / 100;
  return roundUp ? Math.ceil(exact) : Math.floor(exact);
}

/** The number before the percent sign; undefined when the text is not a percentage. */
export function parsePercent(text: string): number | undefined {
  const match = /^([+-]?[0-9]+)%$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}
