/** Exhibits on real data, against numbers counted from the files themselves. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runImport } from '../../ingest/import.ts';
import { openReports, parseRange, type ReportService } from '../../server/report-service.ts';
import { PROJECT, SHARED_DATA, temporaryDirectory } from '../../testing/workspace.ts';
import { openWarehouse, type Warehouse } from '../../warehouse/warehouse.ts';
import { weekOf } from './reference.fixture.ts';

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
