/**
 * 95 % intervals of numbers that rest on the labelled sample: shares, and means per request.
 *
 * Both are ratios of two weighted sums, so their variance is that of a ratio's linearisation (Taylor), between accounts:
 * generations of one account are alike, and count as one draw; those of no known account count singly. What was not left to
 * chance is not uncertain: of a generation that was sampled with rate r, only the part 1 - r counts, so a sample of
 * everything has intervals without width. Labels whose sample rate nobody knows count as drawn from far more.
 *
 * A share's interval is Wilson's score interval at the effective sample size value * (1 - value) / variance (Kish's where
 * that is unknown: at shares of 0 and 1); a mean's is symmetric in its logarithm. Both use Student's t with one degree of
 * freedom less than there are effective accounts, (sum of sizes)² / sum of (sizes²), as a few large accounts tell little.
 */
import { reachOf } from '../readings/statistics.ts';
import type { Cell, Row } from './contract.ts';
import type { Exhibit } from './define.ts';

export interface Interval {
  low: number;
  high: number;
}

/** What the sample says about one value. */
export interface Estimate {
  value: number;
  variance: number;
  /** Accounts; generations of no known account count as one each. */
  clusters: number;
  /** Effective number of equal accounts; null where nothing was left to chance. */
  worth: number | null;
}

/** null: a single account cannot tell how accounts differ. */
export function intervalOf(estimate: Estimate, unit: 'share' | 'mean'): Interval | null {
  const { value, variance, clusters, worth } = estimate;
  if (worth === null) return { low: value, high: value };
  if (clusters < 2) return null;
  const reach = reachOf(Math.max(1, worth - 1));
  if (unit === 'mean') return logarithmic(value, Math.sqrt(Math.max(0, variance)), reach);
  const size = variance > 0 && value > 0 && value < 1 ? (value * (1 - value)) / variance : worth;
  return wilson(value, Math.max(1, size), reach);
}

/** Six digits say all that an interval knows, and no more than is the same however sums were added up. */
function rounded(value: number, low: number, high: number): Interval {
  const digits = (x: number) => Number(x.toPrecision(6));
  return { low: Math.min(value, digits(low)), high: Math.max(value, digits(high)) };
}

function wilson(value: number, size: number, reach: number): Interval {
  const square = reach ** 2 / size;
  const middle = (value + square / 2) / (1 + square);
  const half = Math.sqrt(((value * (1 - value)) / size) * reach ** 2 + square ** 2 / 4) / (1 + square);
  return rounded(value, Math.max(0, middle - half), Math.min(1, middle + half));
}

function logarithmic(value: number, error: number, reach: number): Interval | null {
  if (!(value > 0)) return null;
  const factor = Math.exp((reach * error) / value);
  return rounded(value, value / factor, value * factor);
}

/** What tells apart the wholes that shares are of: the columns of `sample.sql` that its exhibit's rows have too. */
const keysOf = ({ kind, panels }: Exhibit): string[] =>
  kind === 'composition' ? ['group'] : [...(panels ? ['panel'] : []), 'period'];

const isMean = ({ unit }: Exhibit): boolean => unit !== 'share';

/**
 * The query that adds up what the variances of an exhibit's values need, from its `sample.sql`: one row a labelled
 * generation, with `series`, `account`, `sample_rate`, `weight`, `amount`, and `base` where the value is a mean of amounts
 * over bases. One row: a series of a whole. `base` is what an account has of the whole, in `loose` parts.
 */
export function intervalSql(exhibit: Exhibit): string | null {
  if (exhibit.sampleSql === null) return null;
  const names = keysOf(exhibit).map((key) => `"${key}"`);
  const keys = names.join(', ');
  const loose = 'CASE WHEN sample_rate > 0 THEN sqrt(greatest(0, 1 - sample_rate)) ELSE 1 END';
  const sums = (column: string) =>
    `sum(${column} * weight) AS total_${column}, sum(${column} * weight * ${loose}) AS ${column}`;
  // One number is grouped by in a fraction of the time that names take.
  const clusters = `clusters AS (
  SELECT
    ${[...names, 'series', 'account_in_whole'].map((name) => `any_value(${name}) AS ${name}`).join(', ')},
    ${isMean(exhibit) ? `${sums('amount')}, ${sums('base')}` : sums('amount')}
  FROM (
    SELECT *, CASE WHEN account IS NULL THEN hash(random(), random()) ELSE hash(account, ${keys}) END AS account_in_whole
    FROM (
${exhibit.sampleSql})
  )
  GROUP BY hash(account_in_whole, series)
)`;
  if (isMean(exhibit))
    return `WITH ${clusters}
SELECT
  ${keys}, series, sum(total_base) AS total, sum(base) AS loose, count(*) AS clusters,
  sum(amount ** 2) AS amounts, sum(amount * base) AS mixed, sum(base ** 2) AS squares
FROM clusters
GROUP BY ALL`;
  // Over all series of a whole, what an account has of each times what it has of the whole adds up to a square.
  return `WITH ${clusters},
accounts AS (
  SELECT account_in_whole, sum(amount) AS base, count(*) AS parts
  FROM clusters
  GROUP BY account_in_whole
)
SELECT
  ${keys}, series, sum(total_amount) AS total, sum(amount) AS loose, sum(1 / parts) AS clusters,
  sum(amount ** 2) AS amounts, sum(amount * base) AS mixed, sum(amount * base) AS squares
FROM clusters
JOIN accounts USING (account_in_whole)
GROUP BY ALL`;
}

/** Sums over the accounts of a whole, or of a series in it. */
interface Sums {
  total: number;
  loose: number;
  clusters: number;
  amounts: number;
  mixed: number;
  squares: number;
}
const NONE: Sums = { total: 0, loose: 0, clusters: 0, amounts: 0, mixed: 0, squares: 0 };

/** The rows with `low` and `high` behind `value`; null where nothing can be said. @param found what `intervalSql` gave */
export function withIntervals(exhibit: Exhibit, rows: readonly Row[], found: readonly Row[]): Row[] {
  const unit = isMean(exhibit) ? 'mean' : 'share';
  const keys = [...keysOf(exhibit), ...(unit === 'mean' ? ['series'] : [])];
  const wholeOf = (row: Row): string => keys.map((key) => row[key]).join('\0');
  const seriesOf = (row: Row): string => `${wholeOf(row)}\0${row.series}`;
  const sums = new Map<string, Sums>();
  const wholes = new Map<string, Sums>();
  for (const row of found) {
    const own = row as unknown as Sums;
    const whole = wholes.get(wholeOf(row));
    sums.set(seriesOf(row), own);
    wholes.set(wholeOf(row), whole ? added(whole, own) : own);
  }
  const intervalIn = (row: Row): Interval | null => {
    const whole = wholes.get(wholeOf(row));
    if (typeof row.value !== 'number' || !whole) return null;
    return intervalOf(estimateOf(row.value, sums.get(seriesOf(row)) ?? NONE, whole), unit);
  };
  return rows.map((row) => {
    const { low = null, high = null } = intervalIn(row) ?? {};
    const wider: Row = {};
    for (const name in row) {
      wider[name] = row[name] as Cell;
      if (name === 'value') Object.assign(wider, { low, high });
    }
    return wider;
  });
}

const added = (a: Sums, b: Sums): Sums => ({
  total: a.total + b.total,
  loose: a.loose + b.loose,
  clusters: a.clusters + b.clusters,
  amounts: a.amounts + b.amounts,
  mixed: a.mixed + b.mixed,
  squares: a.squares + b.squares,
});

/** Each account's error is what it has of the series less `value` times what it has of the whole. */
function estimateOf(value: number, own: Sums, whole: Sums): Estimate {
  const errors = Math.max(0, own.amounts - 2 * value * own.mixed + value ** 2 * whole.squares);
  const clusters = Math.round(whole.clusters);
  return {
    value,
    variance: ((clusters / (clusters - 1)) * errors) / whole.total ** 2,
    clusters,
    worth: whole.squares > 0 ? whole.loose ** 2 / whole.squares : null,
  };
}
