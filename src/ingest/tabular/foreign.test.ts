/** What another system exported is the same records here, in whatever form and order, and however often it comes. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../testing/workspace.ts';
import { type Engine, fileList, openEngine } from '../../warehouse/engine.ts';
import { openWarehouse, type Warehouse } from '../../warehouse/warehouse.ts';
import { runImport } from '../import.ts';
import { type ForeignRow, type Shape, writeForeign } from './foreign-files.fixture.ts';
import * as rows from './foreign-rows.fixture.ts';
import { type Expected, type Sample, SECRET, usagePages } from './foreign-rows.fixture.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let warehouse: Warehouse;
let writer: Engine;
let runs = 0;

beforeAll(async () => {
  directory = await temporaryDirectory();
  warehouse = await openWarehouse(join(directory.path, 'data'));
  writer = await openEngine({ threads: 1 });
});
afterAll(async () => {
  writer.close();
  await warehouse.close();
  await directory[Symbol.asyncDispose]();
});

interface Format {
  format: string;
  samples: fc.Arbitrary<Sample[]>;
  shapes: Shape[];
  pages?: (rows: readonly ForeignRow[]) => unknown[];
}

/** Each run imports real files, so there are few of them, and a failure is reported as it is. */
const QUICK = { numRuns: 1, endOnFailure: true };

const many = (one: fc.Arbitrary<Sample>) =>
  fc.uniqueArray(one, { minLength: 1, maxLength: 12, selector: (s) => s.expected.id });
const TABLES: Shape[] = ['csv', 'tsv', 'list', 'pretty list', 'lines', 'parquet', 'pages', 'pretty page'];
const PAGES: Shape[] = ['csv', 'lines', 'pages', 'pretty page', 'list'];

const FORMATS: Record<string, Format> = {
  litellm: { format: 'litellm', samples: many(rows.litellm), shapes: TABLES },
  'langfuse, its export': { format: 'langfuse', samples: many(rows.langfuseExport), shapes: TABLES },
  'langfuse, its API': {
    format: 'langfuse',
    samples: many(rows.langfuseApi),
    shapes: ['csv', 'list', 'lines', 'pages'],
  },
  'helicone, its table': { format: 'helicone', samples: many(rows.heliconeTable), shapes: TABLES },
  'helicone, its API': {
    format: 'helicone',
    samples: many(rows.heliconeApi),
    shapes: ['list', 'lines', 'pretty page'],
  },
  'openai-usage': {
    format: 'openai-usage',
    samples: rows.openaiUsage,
    shapes: PAGES,
    pages: usagePages(['start_time', 'end_time']),
  },
  'anthropic-usage': {
    format: 'anthropic-usage',
    samples: rows.anthropicUsage,
    shapes: ['lines', 'pages', 'pretty page', 'list'],
    pages: usagePages(['starting_at', 'ending_at']),
  },
  'openrouter-activity-api': {
    format: 'openrouter-activity-api',
    samples: rows.openrouterActivity,
    shapes: ['csv', 'lines', 'pages', 'pretty page', 'list'],
  },
};

describe.each(Object.entries(FORMATS))('%s', (_, { format, samples, shapes, pages }) => {
  it(`reads ${shapes.join(', ')}`, async () => {
    for (const shape of shapes)
      await fc.assert(
        fc.asyncProperty(samples, async (made) => {
          const written = made.map((s) => s.row);
          const file = await writeForeign(writer, path(shape), shape, written, pages);
          const read = await importInto(format, [file]);
          expect(read.summary).toMatchObject({ rejected: 0, failures: [] });
          expect(read.records).toEqual(expected(made));
        }),
        QUICK,
      );
  });

  it('gives the same dataset from shuffled, doubled, split and overlapping files', async () => {
    const parts = fc.record({
      made: samples,
      order: fc.infiniteStream(fc.nat()),
      shapes: fc.array(fc.constantFrom(...shapes), { minLength: 2, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(parts, async ({ made, order, shapes: chosen }) => {
        const shuffled = made
          .map((s) => ({ s, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at);
        const half = Math.ceil(shuffled.length / 2);
        const files: string[] = [];
        for (const [i, shape] of chosen.entries()) {
          const part =
            i === 0 ? shuffled.slice(0, half) : i === 1 ? shuffled.slice(Math.floor(half / 2)) : shuffled;
          const doubled = [...part, ...part.slice(0, 2)].map(({ s }) => s.row);
          files.push(await writeForeign(writer, path(shape), shape, doubled, pages));
        }
        const read = await importInto(format, files);
        expect(read.summary).toMatchObject({ rejected: 0, failures: [] });
        expect(read.records).toEqual(expected(made));
      }),
      { ...QUICK, numRuns: 2 },
    );
  });
});

const ENDINGS: Record<Shape, string> = {
  csv: 'csv',
  tsv: 'tsv',
  list: 'json',
  'pretty list': 'json',
  lines: 'jsonl',
  parquet: 'parquet',
  pages: 'ndjson',
  'pretty page': 'json',
};
const path = (shape: Shape): string => join(directory.path, `${++runs}.${ENDINGS[shape]}`);

async function importInto(format: string, paths: string[]) {
  const opened = await openWarehouse(warehouse.dataDir);
  const dataset = opened.dataset(`d${++runs}`);
  const summary = await runImport(warehouse, dataset, { format, paths, settle: false });
  const files = (await dataset.manifest()).lake.map((f) => join(dataset.layout.lake, f.file));
  const engine = await dataset.engine();
  const records =
    files.length === 0
      ? []
      : await engine.query<Expected & { account: string | null }>(`FROM read_parquet(${fileList(files)})`);
  for (const name of await readdir(dataset.layout.root, { recursive: true, withFileTypes: true }))
    if (name.isFile())
      expect(await readFile(join(name.parentPath, name.name), 'latin1')).not.toContain(SECRET);
  await opened.close();
  return { summary, records: records.map((r) => ({ ...r })).sort(byText) };
}

/** The records as they must have been read, with only the fields that are expected. */
function expected(made: readonly Sample[]) {
  const wanted = made.map(({ expected: { who, ...fields } }) => ({
    ...fields,
    account: who === null ? null : warehouse.hashAccount(who),
    cost: fields.cost === null ? null : expect.closeTo(fields.cost, 9),
    latency_ms: fields.latency_ms,
    model: fields.model.toLowerCase(),
  }));
  return wanted.sort(byText).map((fields) => expect.objectContaining(fields));
}

const byText = (a: object, b: object): number => {
  const key = (r: object) => {
    const { id, created_at, model, account, prompt_tokens, completion_tokens } = r as Record<string, unknown>;
    const own = typeof id === 'string' && !id.includes('usage:') && !id.includes('activity-api:') ? id : '';
    return JSON.stringify([own, created_at, model, account, prompt_tokens, completion_tokens]);
  };
  return key(a) < key(b) ? -1 : 1;
};
