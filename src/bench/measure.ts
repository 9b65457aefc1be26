/** Measuring: wall time, medians, and a row of the report. */
export interface Measurement {
  bench: string;
  name: string;
  /** What was measured, and what it is compared with, in the same run. */
  value: string;
  against: string;
  ratio: number;
  /** What the ratio should be: `>= 0.5`, `<= 12`. */
  target: string;
  ok: boolean;
  detail: Record<string, number | string>;
}

/** Seconds that a piece of work takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function judge(m: Omit<Measurement, 'ok' | 'target'>, sign: '>=' | '<=', limit: number): Measurement {
  return { ...m, target: `${sign} ${limit}`, ok: sign === '>=' ? m.ratio >= limit : m.ratio <= limit };
}

export const seconds = (s: number): string => (s < 1 ? `${(s * 1000).toFixed(0)} ms` : `${s.toFixed(1)} s`);
