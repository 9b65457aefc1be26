/** Logarithmic axes, drawn on a linear axis of exponents: ticks at powers of ten, and every place known beforehand. */
export interface LogScale {
  /** Exponents of ten. */
  min: number;
  max: number;
  /** From a value to its exponent. */
  at: (value: number) => number;
}

/** Holds all values with some air, and at least one power of ten and a bit more than one decade. */
export function logScale(values: readonly number[]): LogScale {
  const exponents = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  let min = exponents.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  let max = exponents.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (exponents.length === 0) [min, max] = [0, 1];
  const air = Math.max(0.12, (max - min) * 0.06);
  [min, max] = [min - air, max + air];
  if (max - min < 1.4) {
    const middle = (min + max) / 2;
    [min, max] = [middle - 0.7, middle + 0.7];
  }
  return { min, max, at: Math.log10 };
}

/**
 * Exponents where the axis carries a label: every power of ten, or every so many where there is no room for all;
 * where the axis spans less than three of them also twice and five times each, or three times, as room allows.
 */
export function logTicks(scale: LogScale, pixels: number, room: number): number[] {
  const fits = Math.max(1, Math.floor(pixels / room));
  const span = scale.max - scale.min;
  const step = Math.max(1, Math.ceil(span / fits));
  const finer =
    span < 3
      ? [
          [1, 2, 5],
          [1, 3],
        ].map((factors) => ticksAt(scale, factors, 1))
      : [];
  return finer.find((ticks) => ticks.length <= fits) ?? ticksAt(scale, [1], step);
}

function ticksAt(scale: LogScale, factors: readonly number[], step: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(scale.min); power <= scale.max; power++)
    if (power % step === 0) ticks.push(...factors.map((factor) => power + Math.log10(factor)));
  return ticks.filter((tick) => tick >= scale.min && tick <= scale.max);
}
