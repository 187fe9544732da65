// Behaviour: k8s.io/apimachinery/pkg/api/resource: fixed-point numbers with SI suffixes, canonical when printed.

/** How a quantity was written, and is printed again. */
export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/** The text is not a quantity; the message is upstream's. */
export class QuantityError extends Error {
  override readonly name = "QuantityError";
}

const NANO = 1_000_000_000n;
const MAX_NANO = (2n ** 63n - 1n) * NANO;
const WHOLE = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([A-Za-z]*)([+-]?[0-9]+)?$/;
const ALLOWED = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;

const DECIMAL_EXPONENTS: Record<string, number> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const DECIMAL_SUFFIXES = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** An amount of a resource, exact to a billionth. Immutable. */
export class Quantity {
  /** The amount in billionths. */
  private readonly nano: bigint;
  readonly format: QuantityFormat;

  constructor(nano: bigint, format: QuantityFormat = "DecimalSI") {
    this.nano = nano > MAX_NANO ? MAX_NANO : nano < -MAX_NANO ? -MAX_NANO : nano;
    this.format = format;
  }

  /** A whole number of units. */
  static of(value: bigint | number, format: QuantityFormat = "DecimalSI"): Quantity {
    return new Quantity(BigInt(value) * NANO, format);
  }

  /** A number of thousandths, e.g. of a CPU. */
  static ofMilli(value: bigint | number, format: QuantityFormat = "DecimalSI"): Quantity {
    return new Quantity(BigInt(value) * (NANO / 1000n), format);
  }

  /** The sum, in this quantity's format (the other's when this one is zero). */
  add(other: Quantity): Quantity {
    return new Quantity(this.nano + other.nano, this.isZero() ? other.format : this.format);
  }

  /** The difference, in this quantity's format (the other's when this one is zero). */
  sub(other: Quantity): Quantity {
    return new Quantity(this.nano - other.nano, this.isZero() ? other.format : this.format);
  }

  /** -1, 0 or 1, as this is less than, equal to or more than the other. */
  cmp(other: Quantity): -1 | 0 | 1 {
    return this.nano < other.nano ? -1 : this.nano > other.nano ? 1 : 0;
  }

  isZero(): boolean {
    return this.nano === 0n;
  }

  /** -1, 0 or 1. */
  sign(): -1 | 0 | 1 {
    return this.nano < 0n ? -1 : this.nano > 0n ? 1 : 0;
  }

  /** Whole units, rounded up. */
  value(): bigint {
    return divideUp(this.nano, NANO);
  }

  /** Thousandths, rounded up. */
  milliValue(): bigint {
    return divideUp(this.nano, NANO / 1000n);
  }

  /** The nearest double. */
  toNumber(): number {
    return Number(this.nano) / Number(NANO);
  }

  /** The canonical text: the largest suffix that needs no fraction. */
  toString(): string {
    if (this.nano === 0n) return "0";
    const binary = this.format === "BinarySI" && this.nano % NANO === 0n && abs(this.nano) >= 1024n * NANO;
    if (binary) return this.toBinary();
    const [digits, power] = stripZeros(this.nano);
    if (this.format === "DecimalExponent") return `${digits}${power === 0 ? "" : `e${power}`}`;
    return `${digits}${DECIMAL_SUFFIXES[power / 3 + 3]}`;
  }

  private toBinary(): string {
    let units = this.nano / NANO;
    let suffix = 0;
    while (suffix < BINARY_SUFFIXES.length - 1 && units % 1024n === 0n) {
      units /= 1024n;
      suffix++;
    }
    return `${units}${BINARY_SUFFIXES[suffix]}`;
  }
}

/** Nothing, in decimal format. */
export const zeroQuantity = new Quantity(0n);

/** Parses "100m", "1.5Gi", "2e3", ...; throws a QuantityError with upstream's message. */
export function parseQuantity(text: string | number): Quantity {
  const match = WHOLE.exec(String(text));
  if (!ALLOWED.test(String(text)) || match === null) throw new QuantityError(`quantities must match the regular expression '${ALLOWED.source}'`);
  const [, sign, whole = "", fraction = "", letters = "", exponent] = match;
  if (whole === "" && fraction === "") throw new QuantityError(`quantities must match the regular expression '${ALLOWED.source}'`);
  const scale = parseSuffix(letters, exponent);
  if (scale === undefined) throw new QuantityError("unable to parse quantity's suffix");
  // Billionths = digits * 10^(9 - fraction length) * factor, rounded away from zero.
  const digits = BigInt(whole + fraction);
  const power = 9 - fraction.length + scale.power;
  const scaled = digits * scale.factor;
  const nano = power >= 0 ? scaled * 10n ** BigInt(power) : divideUp(scaled, 10n ** BigInt(-power));
  return new Quantity(sign === "-" ? -nano : nano, scale.format);
}

/** Whether the text is a quantity. */
export function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}

function parseSuffix(letters: string, exponent: string | undefined): { format: QuantityFormat; factor: bigint; power: number } | undefined {
  if (exponent !== undefined) {
    if (letters !== "e" && letters !== "E") return undefined;
    const power = Number(exponent);
    return Math.abs(power) > 10_000 ? undefined : { format: "DecimalExponent", factor: 1n, power };
  }
  const binary = letters === "" ? -1 : BINARY_SUFFIXES.indexOf(letters);
  if (binary > 0) return { format: "BinarySI", factor: 1024n ** BigInt(binary), power: 0 };
  const power = Object.hasOwn(DECIMAL_EXPONENTS, letters) ? DECIMAL_EXPONENTS[letters] : undefined;
  return power === undefined ? undefined : { format: "DecimalSI", factor: 1n, power };
}

/** Takes thousands off a number of billionths: [digits, power of ten], the power a multiple of 3 and at most 18. */
function stripZeros(nano: bigint): [bigint, number] {
  let digits = nano;
  let power = -9;
  while (power < 18 && digits % 1000n === 0n) {
    digits /= 1000n;
    power += 3;
  }
  return [digits, power];
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Division that rounds away from zero. */
function divideUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (dividend % divisor === 0n) return quotient;
  return dividend < 0n ? quotient - 1n : quotient + 1n;
}
