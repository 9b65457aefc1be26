/**
 * Every exhibit against a plain reference computed from the same records in a few lines of JavaScript, without lake,
 * marts or SQL; and the marts against the records themselves.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../generation/generation.ts';
import { validateGeneration } from '../generation/validate.ts';
import { runImport } from '../ingest/import.ts';
import { openReports, parseRange, type ReportService } from '../server/report-service.ts';
import { PROJECT, SHARED_DATA, temporaryDirectory } from '../testing/workspace.ts';
import { queryViews } from '../warehouse/dataset-reader.ts';
import { openWarehouse, type Warehouse } from '../warehouse/warehouse.ts';
import type { Row } from './contract.ts';
import { EXHIBITS } from './registry.ts';

const MODELS = [
  'deepseek/deepseek-r1',
  'deepseek/deepseek-chat-v3-0324',
  'openai/gpt-4o-mini',
  'gpt-4o-2024-08-06',
  'qwen/qwen-2.5-coder-32b-instruct',
  'meta-llama/llama-3.1-8b-instruct',
  'anthropic/claude-4.5-sonnet-20250929',
  'openai/gpt-oss-120b',
  'acme/secret-1',
];

/** Deterministic records of five months, with gaps in what they state. */
function makeRecords(count: number): Generation[] {
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  return Array.from({ length: count }, (_, i) => {
    const completionTokens = Math.floor(random() * 500);
    const { generation, problems } = validateGeneration({
      id: `t${i}`,
      createdAt: Date.UTC(2025, 0, 8) + Math.floor(random() * 150 * 86_400_000),
      requests: random() < 0.1 ? null : pick([1, 1, 1, 5]),
      model: pick(MODELS),
      provider: pick(['a', 'b', null]),
      country: pick(['DE', 'US', null]),
      app: pick(['x', 'y']),
      promptTokens: Math.floor(random() * 5000),
      completionTokens,
      reasoningTokens: random() < 0.5 ? null : Math.floor(completionTokens * random()),
      finishReason: pick(['stop', 'tool_calls', null]),
      toolsOffered: pick([true, false, null]),
      byok: pick([true, false]),
      source: 'test',
    });
    if (!generation) throw new Error(problems?.join());
    return generation;
  });
}

const records = makeRecords(6000);
let warehouse: Warehouse;
let reports: ReportService;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeAll(async () => {
  directory = await temporaryDirectory();
  warehouse = await openWarehouse(join(directory.path, 'data'));
  const dataset = warehouse.dataset('t');
  // Two thirds in one go, the rest later: marts grow by parts.
  const journal = await dataset.journal();
  await journal.append(records.slice(0, 4000));
  await dataset.settle();
  await journal.append(records.slice(4000));
  await journal.append(records.slice(0, 100));
  await dataset.settle();
  reports = await openReports(warehouse, { cache: false });
});
afterAll(async () => {
  await warehouse.close();
  await directory[Symbol.asyncDispose]();
});

const weekOf = (ms: number): string => {
  const day = Math.floor(ms / 86_400_000);
  return new Date((day - ((day + 3) % 7)) * 86_400_000).toISOString().slice(0, 10);
};
const facts = (g: Generation) => reports.catalog.resolve(g.model);
const sum = (list: readonly Generation[], value: (g: Generation) => number | null) =>
  list.reduce((s, g) => s + (value(g) ?? 0), 0);
const tokens = (list: readonly Generation[]) => sum(list, (g) => g.totalTokens);

/** value of each period and series, as `period series` → number */
type Reference = Map<string, number>;
function byWeek(
  of: readonly Generation[],
  make: (week: readonly Generation[]) => Record<string, number>,
): Reference {
  const out: Reference = new Map();
  for (const [week, list] of Map.groupBy(of, (g) => weekOf(g.createdAt)))
    for (const [series, value] of Object.entries(make(list))) out.set(`${week} ${series}`, value);
  return out;
}
function shares(
  of: readonly Generation[],
  series: (g: Generation) => string,
  weight = (g: Generation) => g.totalTokens,
): Reference {
  const all = [...new Set(of.map(series))];
  const total = (list: readonly Generation[]) => sum(list, weight);
  return byWeek(of, (week) =>
    Object.fromEntries(all.map((s) => [s, total(week.filter((g) => series(g) === s)) / total(week)])),
  );
}
const group = (g: Generation): string => {
  const { openness, origin } = facts(g);
  return openness === 'closed'
    ? 'closed'
    : openness === 'open'
      ? origin === 'chinese'
        ? 'open-chinese'
        : 'open-row'
      : 'unknown';
};
const mean =
  (num: (g: Generation) => number | null, counts: (g: Generation) => boolean, series: string) =>
  (list: readonly Generation[]) =>
    byWeek(
      list.filter((g) => g.requests !== null && counts(g)),
      (week) => ({ [series]: sum(week, num) / sum(week, (g) => g.requests) }),
    );

const REFERENCES: Record<string, (list: readonly Generation[]) => Reference> = {
  F1: (list) => shares(list, group),
  F2: (list) =>
    byWeek(list, (week) =>
      Object.fromEntries(
        [...new Set(list.map(group))].map((s) => [s, tokens(week.filter((g) => group(g) === s))]),
      ),
    ),
  F3: (list) =>
    shares(
      list.filter((g) => facts(g).openness === 'open'),
      (g) => facts(g).model,
    ),
  F4: (list) =>
    shares(
      list.filter((g) => facts(g).openness === 'open'),
      (g) => facts(g).size,
    ),
  F5: (list) => {
    const open = list.filter((g) => facts(g).openness === 'open');
    const sizes = [...new Set(open.map((g) => facts(g).size))];
    return byWeek(open, (week) =>
      Object.fromEntries(
        sizes.map((s) => [
          s,
          new Set(week.filter((g) => facts(g).size === s).map((g) => facts(g).model)).size,
        ]),
      ),
    );
  },
  F10: (list) =>
    shares(
      list,
      (g) => ({ true: 'reasoning', false: 'non-reasoning' })[String(facts(g).reasoning)] ?? 'unknown',
    ),
  F11: (list) =>
    shares(
      list.filter((g) => facts(g).reasoning),
      (g) => facts(g).model,
    ),
  F12: (list) =>
    byWeek(list, (week) => ({
      'tool-calls': tokens(week.filter((g) => g.finishReason === 'tool_calls')) / tokens(week),
      unknown: tokens(week.filter((g) => g.finishReason === null)) / tokens(week),
    })),
  F13: (list) =>
    shares(
      list.filter((g) => g.toolsOffered),
      (g) => facts(g).model,
    ),
  F14: mean(
    (g) => g.promptTokens,
    () => true,
    'prompt',
  ),
  F15: (list) =>
    new Map([
      ...mean(
        (g) => g.completionTokens,
        () => true,
        'completion',
      )(list),
      ...mean(
        (g) => g.reasoningTokens,
        (g) => g.reasoningTokens !== null,
        'reasoning-part',
      )(list),
    ]),
  F17: mean(
    (g) => g.totalTokens,
    () => true,
    'sequence-length',
  ),
};

function compare(rows: readonly Row[], reference: Reference): void {
  expect(new Set(rows.map((r) => `${r.period} ${r.series}`))).toEqual(new Set(reference.keys()));
  for (const row of rows)
    expect(row.value, `${row.period} ${row.series}`).toBeCloseTo(
      reference.get(`${row.period} ${row.series}`) ?? Number.NaN,
      9,
    );
}

describe.each(Object.keys(REFERENCES))('%s', (id) => {
  it('equals the reference', async () => {
    const result = await reports.exhibit('t', id, parseRange({}), 'en');
    compare(result.rows, REFERENCES[id]?.(records) ?? new Map());
    expect(result.statement).not.toMatch(/statements\.|units\./);
  });

  it.each([
    ['provider=a', (g: Generation) => g.provider === 'a'],
    ['country=unknown', (g: Generation) => g.country === null],
    ['byok=true', (g: Generation) => g.byok === true],
    ['open=true', (g: Generation) => facts(g).openness === 'open'],
    ['author=openai', (g: Generation) => facts(g).author === 'openai'],
  ] as const)('equals the reference under %s', async (where, keep) => {
    const result = await reports.exhibit('t', id, parseRange({ where: [where] }), 'en');
    compare(result.rows, REFERENCES[id]?.(records.filter(keep)) ?? new Map());
  });
});

describe('marts', () => {
  it.each([[], ['country=DE'], ['app=x'], ['provider=b', 'country=DE']])(
    'give what the records give (%s %s)',
    async (...where) => {
      const range = parseRange({ where, grain: 'month' });
      const engine = await warehouse.dataset('t').engine();
      for (const exhibit of EXHIBITS) {
        const raw = await queryViews<Row>(engine, await reports.rawViews('t', range), exhibit.sql);
        const { rows } = await reports.exhibit('t', exhibit.id, range, 'en');
        expect(rows).toEqual(raw);
      }
    },
  );

  it('a total does not depend on the grain, and parts of a filter sum to the whole', async () => {
    const total = async (options: Parameters<typeof parseRange>[0]) =>
      (await reports.exhibit('t', 'F2', parseRange(options), 'en')).rows.reduce(
        (s, r) => s + Number(r.value),
        0,
      );
    const all = tokens(records);
    for (const grain of ['day', 'week', 'month']) expect(await total({ grain })).toBe(all);
    let parts = 0;
    for (const country of ['DE', 'US', 'unknown']) parts += await total({ where: [`country=${country}`] });
    expect(parts).toBe(all);
    expect(await total({ where: ['country=DE', 'country=US', 'country=unknown'] })).toBe(all);
  });

  it('T1 adds up the authors of open models', async () => {
    const { rows } = await reports.exhibit('t', 'T1', parseRange({}), 'en');
    const open = records.filter((g) => facts(g).openness === 'open');
    expect(rows.map((r) => [r.author, r.tokens])).toEqual(
      [...Map.groupBy(open, (g) => facts(g).author)]
        .map(([a, list]) => [a, tokens(list)])
        .sort((a, b) => Number(b[1]) - Number(a[1])),
    );
  });

  it('partial periods are those that data or selection do not cover', async () => {
    const result = await reports.exhibit(
      't',
      'F2',
      parseRange({ from: '2025-02-05', to: '2025-03-02' }),
      'en',
    );
    expect(result.periods).toEqual([
      { period: '2025-02-03', partial: true },
      { period: '2025-02-10', partial: false },
      { period: '2025-02-17', partial: false },
      { period: '2025-02-24', partial: false },
    ]);
  });
});

describe.skipIf(!existsSync(SHARED_DATA))('real data', () => {
  const shared = (name: string) => join(SHARED_DATA, name);
  const bring = (dataset: string, format: string, path: string, mapping?: string) =>
    runImport(warehouse, warehouse.dataset(dataset), {
      format,
      paths: [shared(path)],
      ...(mapping ? { mapping: join(PROJECT, 'examples/mappings', mapping) } : {}),
    });
  const run = (dataset: string, id: string) => reports.exhibit(dataset, id, parseRange({}), 'en');

  it('the Azure code trace: 8,819 generations, means 2,047.8 and 27.9', async () => {
    await bring('azure', 'csv', 'azure-llm-2023/AzureLLMInferenceTrace_code.csv', 'azure-llm-2023.yaml');
    const [f14, f15] = [await run('azure', 'F14'), await run('azure', 'F15')];
    expect(f14.rows[0]).toMatchObject({ requests: 8819, partial: true, period: '2023-11-13' });
    expect(f14.rows[0]?.value).toBeCloseTo(2047.8, 1);
    expect(f15.rows[0]?.value).toBeCloseTo(27.9, 1);
    expect((await run('azure', 'F12')).lacking[0]?.sentence).toContain('finishReason');
  });

  it('the Claude Code traces: 43,712 generations, 83.16 % of tokens end in a tool call', async () => {
    await bring('traces', 'csv', 'claude-code-traces/requests.csv.gz', 'claude-code-traces.yaml');
    expect((await reports.facts('traces')).requests).toBe(43_712);
    expect((await run('traces', 'F12')).rows.find((r) => r.series === 'tool-calls')?.value).toBeCloseTo(
      0.8316,
      4,
    );
    const lines = gunzipSync(readFileSync(shared('claude-code-traces/requests.csv.gz')))
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((l) => l.split(','));
    const total = lines.reduce((s, l) => s + Number(l[6]) + Number(l[7]), 0);
    expect((await run('traces', 'F2')).rows.reduce((s, r) => s + Number(r.value), 0)).toBe(total);
  });

  it('the rankings: 14 weeks, first and last partial, each equal to the file to the token', async () => {
    const path = 'openrouter-rankings/rankings-daily-2026-05-24_2026-08-21.csv';
    await bring('market', 'openrouter-rankings', path);
    const { rows, periods } = await run('market', 'F2');
    expect(periods).toHaveLength(14);
    expect(periods.map((p) => p.partial)).toEqual([true, ...Array(12).fill(false), true]);
    const weeks = new Map<string, number>();
    for (const line of readFileSync(shared(path), 'utf8').trim().split('\n').slice(1)) {
      const [date = '', , n] = line.split(',');
      const week = weekOf(Date.parse(date));
      weeks.set(week, (weeks.get(week) ?? 0) + Number(n));
    }
    for (const [week, n] of weeks)
      expect(rows.filter((r) => r.period === week).reduce((s, r) => s + Number(r.value), 0)).toBe(n);
    expect(weeks.get('2026-07-13')).toBeCloseTo(62.774e12, -10);
    expect((await run('market', 'F14')).lacking.map((l) => l.field)).toEqual(['requests', 'promptTokens']);
  });
});
