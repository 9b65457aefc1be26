/** Made-up results for tests: the shape is the real one, the numbers are waves. */
import type { ExhibitResult, Row, SeriesInfo } from '../exhibits/contract.ts';

export interface FixtureWishes {
  type?: ExhibitResult['chart']['type'];
  unit?: ExhibitResult['unit'];
  periods?: number;
  series?: string[];
  unknown?: boolean;
  value?: (series: number, period: number) => number | null;
  partial?: number[];
  releases?: ExhibitResult['releases'];
  over?: Partial<ExhibitResult>;
}

const COLORS = ['#3b4a6b', '#d1495b', '#1f9e89', '#e08e2b', '#7b4fb5', '#8aa834'];

export function seriesResult(wishes: FixtureWishes = {}): ExhibitResult {
  const { type = 'stacked-area', unit = 'share', periods = 12, partial = [], releases = [] } = wishes;
  const names = wishes.series ?? ['closed', 'open'];
  const series = names.map(info);
  if (wishes.unknown) series.push({ ...info('unknown', 9), unknown: true });
  const weeks = Array.from({ length: periods }, (_, i) => ({
    period: week(i),
    partial: partial.includes(i),
  }));
  const rows = weeks.flatMap(({ period, partial }, at) =>
    series.flatMap((each, s): Row[] => {
      const value = wishes.value ? wishes.value(s, at) : 1 / series.length;
      return value === null ? [] : [{ period, series: each.key, value, requests: 10, partial }];
    }),
  );
  return { ...blank(type, unit), series, periods: weeks, rows, releases, ...wishes.over };
}

export function barsResult(rows: Row[], over: Partial<ExhibitResult> = {}): ExhibitResult {
  return {
    ...blank('bars', 'tokens'),
    kind: 'table',
    chart: { type: 'bars', label: 'name', value: 'tokens' },
    columns: ['name', 'tokens'],
    rows,
    ...over,
  };
}

export function week(index: number): string {
  return new Date(Date.UTC(2024, 10, 4) + index * 7 * 86_400_000).toISOString().slice(0, 10);
}

function info(key: string, index: number): SeriesInfo {
  const color = COLORS[index % COLORS.length] ?? '#888888';
  return { key, label: `Series ${key}`, color: { light: color, dark: color } };
}

function blank(type: ExhibitResult['chart']['type'], unit: ExhibitResult['unit']): ExhibitResult {
  return {
    id: 'F1',
    title: 'Open and closed models',
    dataset: 'test',
    unit,
    columns: ['period', 'series', 'value', 'requests', 'partial'],
    rows: [],
    statement: 'Half is open.',
    provenance: {
      exhibit: 'F1',
      query: 'q1',
      catalog: 'c1',
      data: 'd1',
      classifier: null,
      filters: { from: null, to: null, grain: 'week', where: {} },
      software: 'stateai',
    },
    slug: 'open-vs-closed',
    section: 'open-vs-closed',
    kind: 'series',
    subtitle: 'Share of tokens',
    chart: { type, annotateReleases: true },
    series: [],
    columnInfo: [],
    panels: [],
    groups: [],
    facts: {},
    releases: [],
    method: '',
    published: [],
    notes: [],
    lacking: [],
    periods: [],
    simulated: false,
  };
}

/** Shares of tags in a group, largest first; what is left to 1 is "other". */
export function compositionResult(groups: Record<string, number[]>, over: Partial<ExhibitResult> = {}) {
  const rows = Object.entries(groups).flatMap(([group, shares]): Row[] => {
    const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
    const tags = shares.map((value, i): Row => ({ group, series: `${group}-tag-${i}`, value, requests: 10 }));
    return rest > 1e-9 ? [...tags, { group, series: 'other', value: rest, requests: 10 }] : tags;
  });
  const keys = [...new Set(rows.map((row) => String(row.series)))];
  return {
    ...blank('composition', 'share'),
    kind: 'composition' as const,
    columns: ['group', 'series', 'value', 'requests'],
    rows,
    series: keys.map(info),
    groups: Object.keys(groups).map(info),
    ...over,
  };
}

export function scatterResult(
  dots: { name: string; x: number | null; y: number | null; group?: string }[],
  over: Partial<ExhibitResult> = {},
): ExhibitResult {
  const rows = dots.map(({ group = 'all', ...dot }): Row => ({ ...dot, group }));
  return {
    ...blank('scatter', 'tokens'),
    kind: 'scatter',
    chart: { type: 'scatter', scatter: { x: 'usd_per_million', y: 'tokens' } },
    columns: ['name', 'group', 'x', 'y'],
    rows,
    groups: [...new Set(rows.map((row) => String(row.group)))].map(info),
    ...over,
  };
}

/** Cohorts of one model, a month after each other; `keep` is the share that is there at an age. */
export function cohortsResult(
  sizes: number[],
  keep: (age: number, cohort: number) => number = (age) => 1 / (1 + age),
  over: Partial<ExhibitResult> = {},
): ExhibitResult {
  const rows = sizes.flatMap((size, c) =>
    Array.from({ length: sizes.length - c }, (_, age): Row => {
      const accounts = Math.round(size * keep(age, c));
      const cohort = new Date(Date.UTC(2025, c, 1)).toISOString().slice(0, 10);
      return { model: 'a/b', cohort, age, accounts, value: accounts / size };
    }),
  );
  return {
    ...blank('cohorts', 'share'),
    kind: 'cohorts',
    columns: ['model', 'cohort', 'age', 'accounts', 'value'],
    rows,
    ...over,
  };
}

/** The same series in several panels. */
export function panelsResult(panels: string[], wishes: FixtureWishes = {}): ExhibitResult {
  const one = seriesResult(wishes);
  return {
    ...one,
    rows: panels.flatMap((panel) => one.rows.map((row) => ({ panel, ...row }))),
    panels: panels.map((key) => ({ key, label: `Panel ${key}` })),
  };
}

export function tableResult(rows: Row[], over: Partial<ExhibitResult> = {}): ExhibitResult {
  return barsResult(rows, { chart: { type: 'table' }, columns: Object.keys(rows[0] ?? {}), ...over });
}
