/** Every exhibit on real data, against its plain query over the original files, read as they are. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRollup } from '../../classify/rollup.ts';
import { type ImportRequest, runImport } from '../../ingest/import.ts';
import { openReports, parseRange, type ReportService } from '../../server/report-service.ts';
import { PROJECT, SHARED_DATA, temporaryDirectory } from '../../testing/workspace.ts';
import { literal } from '../../warehouse/engine.ts';
import { openWarehouse, type Warehouse } from '../../warehouse/warehouse.ts';
import type { Row } from '../contract.ts';
import { EXHIBITS } from '../registry.ts';
import type { FieldName } from '../requirements.ts';
import { differences, openPlain, type Plain, type PlainSelection } from './plain-queries.fixture.ts';

let warehouse: Warehouse;
let reports: ReportService;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
  warehouse = await openWarehouse(join(directory.path, 'data'));
  reports = await openReports(warehouse, { cache: false });
});
afterAll(async () => {
  await warehouse.close();
  await directory[Symbol.asyncDispose]();
});

const shared = (name: string) => join(SHARED_DATA, name);
const mapping = (name: string) => join(PROJECT, 'examples/mappings', name);

interface Original {
  name: string;
  path: string;
  request: Omit<ImportRequest, 'paths'>;
  /** The record's columns, from the columns of the file. */
  records: string;
  /** Fields that exhibits need and the file has. */
  has: FieldName[];
  selections: (PlainSelection & { filter?: string[] })[];
  /** So many rows are compared at least. */
  rows: number;
}

const azure = (kind: 'code' | 'conv', rows: number): Original => ({
  name: `azure-${kind}`,
  path: `azure-llm-2023/AzureLLMInferenceTrace_${kind}.csv`,
  request: { format: 'csv', mapping: mapping('azure-llm-2023.yaml') },
  records: `row_number() OVER ()::TEXT AS id, "TIMESTAMP"::TIMESTAMP AS created_at, 1 AS requests, 'unknown' AS model,
    'azure' AS provider, ContextTokens AS prompt_tokens, GeneratedTokens AS completion_tokens,
    ContextTokens + GeneratedTokens AS total_tokens`,
  has: ['requests', 'promptTokens', 'completionTokens'],
  selections: [{}, { grain: 'day' }, { filter: ['provider=azure'], where: "provider = 'azure'" }],
  rows,
});

const ORIGINALS: Original[] = [
  azure('code', 18),
  azure('conv', 18),
  {
    name: 'claude-code',
    path: 'claude-code-traces/requests.csv.gz',
    request: { format: 'csv', mapping: mapping('claude-code-traces.yaml') },
    records: `concat_ws(' ', trace_id, subagent, seq) AS id, 1 AS requests, model, 'claude-code' AS app,
      TIMESTAMP '2026-01-05' + to_microseconds((t_s * 1e6)::BIGINT) AS created_at,
      input_tokens AS prompt_tokens, output_tokens AS completion_tokens, input_tokens + output_tokens AS total_tokens,
      CASE "stop" WHEN 'tool_use' THEN 'tool_calls' WHEN 'end_turn' THEN 'stop' END AS finish_reason`,
    has: ['requests', 'promptTokens', 'completionTokens', 'finishReason'],
    selections: [
      {},
      { grain: 'day', from: '2026-01-05', to: '2026-01-20' },
      { filter: ['model=anthropic/claude-sonnet-4.5'], where: "model = 'anthropic/claude-sonnet-4.5'" },
    ],
    rows: 90,
  },
  {
    name: 'rankings',
    path: 'openrouter-rankings/rankings-daily-2026-05-24_2026-08-21.csv',
    request: { format: 'openrouter-rankings' },
    records:
      "concat_ws(' ', date, model_permaslug) AS id, date::TIMESTAMP AS created_at, model_permaslug AS model, total_tokens",
    has: [],
    selections: [
      {},
      { grain: 'month', from: '2026-06-01' },
      { grain: 'day', to: '2026-06-30', filter: ['open=true'], where: "openness = 'open'" },
      { filter: ['author=qwen'], where: "author = 'qwen'" },
    ],
    rows: 2500,
  },
];

describe.skipIf(!existsSync(SHARED_DATA))('real data', () => {
  describe.each(ORIGINALS)('$name', ({ name, path, request, records, has, selections, rows: fewest }) => {
    let plain: Plain;
    let compared = 0;
    beforeAll(async () => {
      await runImport(warehouse, warehouse.dataset(name), { ...request, paths: [shared(path)] });
      const original = `SELECT ${records} FROM read_csv(${literal(shared(path))})`;
      plain = await openPlain(original, reports.catalog, loadRollup());
    });
    afterAll(() => plain.close());

    it.each(selections)(
      'every exhibit under $grain $from $to $filter',
      async ({ filter = [], ...chosen }) => {
        await plain.select(chosen);
        for (const exhibit of EXHIBITS) {
          const range = parseRange({ ...chosen, where: filter });
          const result = await reports.exhibit(name, exhibit.id, range, 'en');
          const lacking = exhibit.needs.filter((field) => !has.includes(field)) as string[];
          // Cohorts are kept by no provider.
          if (exhibit.id === 'F25' && filter.includes('provider=azure')) lacking.push('provider');
          expect([exhibit.id, ...result.lacking.map((l) => l.field)]).toEqual([exhibit.id, ...lacking]);
          for (const { field, sentence } of result.lacking) expect(sentence).toContain(field);
          const rows = lacking.length > 0 ? [] : await plain.rows(exhibit.id);
          expect(differences(exhibit.id, result, rows).slice(0, 5).join('\n'), exhibit.id).toBe('');
          expect(result.periods).toEqual(await plain.periods(rows));
          compared += rows.length;
        }
      },
    );

    it('rows were compared', () => expect(compared).toBeGreaterThanOrEqual(fewest));
  });

  const total = (rows: readonly Row[], column = 'value') => rows.reduce((s, r) => s + Number(r[column]), 0);
  const run = async (dataset: string, id: string) =>
    (await reports.exhibit(dataset, id, parseRange({}), 'en')).rows;

  it('the Azure traces: 8,819 and 19,366 generations, code 2,047.8 and 27.9 tokens long', async () => {
    const [prompt] = await run('azure-code', 'F14');
    expect(prompt).toMatchObject({ requests: 8819, partial: true, period: '2023-11-13' });
    expect(prompt?.value).toBeCloseTo(2047.8, 1);
    expect((await run('azure-code', 'F15'))[0]?.value).toBeCloseTo(27.9, 1);
    expect(total(await run('azure-conv', 'F14'), 'requests')).toBe(19_366);
  });

  it('the Claude Code traces: 43,712 generations, 83.16 % of tokens end in a tool call', async () => {
    expect((await reports.facts('claude-code')).requests).toBe(43_712);
    const calls = (await run('claude-code', 'F12')).find((r) => r.series === 'tool-calls');
    expect(calls?.value).toBeCloseTo(0.8316, 4);
  });

  it('the rankings: 695 T tokens in 14 weeks, first and last partial', async () => {
    const { rows, periods } = await reports.exhibit('rankings', 'F2', parseRange({}), 'en');
    expect(total(rows) / 1e12).toBeCloseTo(695, -1);
    expect(total(rows.filter((r) => r.period === '2026-07-13'))).toBeCloseTo(62.774e12, -10);
    expect(periods.map((p) => p.partial)).toEqual([true, ...Array(12).fill(false), true]);
  });
});
