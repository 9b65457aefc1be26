/** Files as they come: whole, broken, twice, at once. A bad one gives a clear error and leaves the dataset intact. */

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pseudonym } from '../generation/ids.ts';
import { cli, temporaryDirectory } from '../testing/workspace.ts';
import { fileList, type SqlRow } from '../warehouse/engine.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';
import { type ImportRequest, runImport } from './import.ts';

const HEADER =
  'generation_id,created_at,cost_total,tokens_prompt,tokens_completion,tokens_reasoning,model_permaslug,provider_name,variant,cancelled,streamed,user,finish_reason_normalized,byok_usage_inference';
const line = (id: string, change: Record<string, string> = {}) => {
  const row: Record<string, string> = {
    generation_id: id,
    created_at: '2026-08-24 21:59:53.387',
    cost_total: '0.001',
    tokens_prompt: '100',
    tokens_completion: '20',
    tokens_reasoning: '5',
    model_permaslug: 'openai/gpt-5-2025-08-07',
    provider_name: 'OpenAI',
    variant: 'standard',
    cancelled: 'false',
    streamed: 'true',
    user: 'ada@example.org',
    finish_reason_normalized: 'tool_calls',
    byok_usage_inference: '0',
    ...change,
  };
  return HEADER.split(',')
    .map((c) => row[c] ?? '')
    .join(',');
};
const csv = (...lines: string[]) => [HEADER, ...lines].join('\n');

async function workspace() {
  const directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  const dataset = warehouse.dataset('d');
  return {
    path: (name: string) => join(directory.path, name),
    warehouse,
    async file(name: string, content: string | Buffer) {
      await writeFile(join(directory.path, name), content);
      return join(directory.path, name);
    },
    import: (paths: string[], request: Partial<ImportRequest> = {}) =>
      runImport(warehouse, dataset, { format: 'openrouter-activity', paths, ...request }),
    async rows<T extends object = SqlRow>(select = '*'): Promise<T[]> {
      const files = (await dataset.manifest()).lake.map((f) => join(dataset.layout.lake, f.file));
      if (files.length === 0) return [];
      return (await dataset.engine()).query<T>(
        `SELECT ${select} FROM read_parquet(${fileList(files)}) ORDER BY ALL`,
      );
    },
    async [Symbol.asyncDispose]() {
      await warehouse.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

describe('OpenRouter activity', () => {
  it('becomes records, with pseudonyms for users', async () => {
    await using w = await workspace();
    const summary = await w.import([
      await w.file(
        'a.csv',
        csv(line('g1'), line('g2', { cost_total: '', variant: 'free', byok_usage_inference: '0.5' })),
      ),
    ]);
    expect(summary).toMatchObject({ rows: 2, rejected: 0, failures: [] });
    const [one, two] = await w.rows();
    const { secret } = JSON.parse(await readFile(join(w.warehouse.dataDir, 'workspace.json'), 'utf8'));
    expect(one).toMatchObject({
      id: 'g1',
      created_at: '2026-08-24 21:59:53.387',
      account: pseudonym(secret, 'account', 'ada@example.org'),
      model: 'openai/gpt-5-2025-08-07',
      variant: null,
      total_tokens: 120,
      cost: 0.001,
      byok: false,
      finish_reason: 'tool_calls',
      requests: 1,
      upstream_cost: null,
    });
    expect(two).toMatchObject({ cost: null, variant: 'free', byok: true, upstream_cost: 0.5 });
  });

  it('keeps a row whose time to the first token is none', async () => {
    await using w = await workspace();
    const wide = [`${HEADER},time_to_first_token_ms,generation_time_ms`, `${line('g1')},-1,1200`].join('\n');
    expect(await w.import([await w.file('a.csv', wide)])).toMatchObject({ rows: 1, rejected: 0 });
    expect(await w.rows('latency_ms, duration_ms')).toEqual([{ latency_ms: null, duration_ms: 1200 }]);
  });

  it('reads older exports, other column orders, CRLF, a byte order mark and UTF-16', async () => {
    await using w = await workspace();
    const old =
      'tokens_completion,model_permaslug,generation_id,created_at,tokens_prompt,cost_total\r\n7,a/b,old,2026-01-02 03:04:05,3,0\r\n';
    await w.import([
      await w.file('old.csv', `\ufeff${old}`),
      await w.file('utf16.csv', Buffer.from(`\ufeff${old.replace('old', 'wide')}`, 'utf16le')),
    ]);
    expect(await w.rows('id, total_tokens, streamed')).toEqual([
      { id: 'old', total_tokens: 10, streamed: null },
      { id: 'wide', total_tokens: 10, streamed: null },
    ]);
  });

  it('the same file twice, under another name, packed, or overlapping, counts once', async () => {
    await using w = await workspace();
    const content = csv(line('g1'), line('g2'), line('g1'));
    await w.import([await w.file('a.csv', content)]);
    expect(await w.import([w.path('a.csv')])).toMatchObject({ skipped: 1, rows: 0 });
    await w.import([
      await w.file('b.csv.gz', gzipSync(content)),
      await w.file('c.csv.zst', zstdCompressSync(content)),
    ]);
    await w.import([await w.file('d.csv', csv(line('g2'), line('g3')))]);
    expect(await w.rows('id')).toEqual([{ id: 'g1' }, { id: 'g2' }, { id: 'g3' }]);
  });

  it('keeps the fullest of several records with one id, whatever the order', async () => {
    for (const order of [
      ['5', '90', '20'],
      ['90', '20', '5'],
      ['20', '5', '90'],
    ]) {
      await using w = await workspace();
      for (const [i, tokens] of order.entries())
        await w.import([
          await w.file(`${i}.csv`, csv(line('g1', { tokens_completion: tokens }), line(`x${i}`))),
        ]);
      expect(await w.rows('id, completion_tokens AS c')).toContainEqual({ id: 'g1', c: 90 });
      expect(await w.rows('id')).toHaveLength(4);
    }
  });

  it('reports rows that it cannot use by line and reason, and keeps the others', async () => {
    await using w = await workspace();
    const summary = await w.import([
      await w.file(
        'a.csv',
        csv(
          line('g1'),
          line('nan', { tokens_prompt: 'NaN' }),
          line('neg', { tokens_completion: '-4' }),
          'only,three,cells',
          line('half', { tokens_prompt: '1.5' }),
          line('hex', { tokens_prompt: '0x10' }),
          line('when', { created_at: 'soon' }),
          line('g2'),
        ),
      ),
    ]);
    expect(summary).toMatchObject({ rows: 2, rejected: 6 });
    const report = (await readFile(summary.rejectsFile ?? '', 'utf8'))
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l));
    expect(report.map((r) => r.line)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(report.map((r) => r.reason).join('\n')).toMatch(
      /promptTokens.*NaN[\s\S]*completionTokens.*-4[\s\S]*Number of Columns[\s\S]*1\.5[\s\S]*0x10[\s\S]*createdAt.*a text of 4/,
    );
  });

  it('names the line that an editor shows, also behind quoted line breaks, empty and unreadable lines', async () => {
    await using w = await workspace();
    const broken = { provider_name: '"Open\nA""I\n"' };
    const content = [
      line('g1', broken),
      '',
      line('neg', { tokens_completion: '-4' }),
      'only,three,cells',
      '"goes"on,behind its quote',
      line('half', { ...broken, tokens_prompt: '1.5' }),
      line('g2', { provider_name: 'a "quoted, word' }).replace('quoted,', 'quoted'),
      '',
      line('when', { created_at: 'soon' }),
      'x',
    ];
    for (const [name, newline] of Object.entries({ 'lf.csv': '\n', 'crlf.csv': '\r\n' })) {
      const file = await w.file(name, csv(...content).replaceAll('\n', newline));
      const summary = await w.import([file], { replace: true });
      expect(summary).toMatchObject({ rows: 2, rejected: 6 });
      const report = (await readFile(summary.rejectsFile ?? '', 'utf8')).trim().split('\n');
      const at = report.map((l) => JSON.parse(l)).map((r) => [r.line, r.reason.split(/[:,.]/)[0]]);
      expect(at).toEqual([
        [6, 'completionTokens'],
        [7, 'Expected Number of Columns'],
        [8, 'Expected Number of Columns'],
        [9, 'promptTokens'],
        [14, 'createdAt'],
        [15, 'Expected Number of Columns'],
      ]);
    }
  });

  it('--strict imports nothing of a file with a bad row', async () => {
    await using w = await workspace();
    const summary = await w.import(
      [await w.file('a.csv', csv(line('g1'), line('g2', { tokens_prompt: 'x' })))],
      { strict: true },
    );
    expect(summary.failures[0]?.message).toContain('a.csv:3');
    expect(await w.rows()).toEqual([]);
  });
});

describe('bad files', () => {
  it('a cut gzip, a missing column, an empty file and something else entirely fail alone', async () => {
    await using w = await workspace();
    const packed = gzipSync(csv(...Array.from({ length: 5000 }, (_, i) => line(`g${i}`))));
    const summary = await w.import([
      await w.file('cut.csv.gz', packed.subarray(0, packed.length / 2)),
      await w.file('missing.csv', 'generation_id,created_at\na,2026-01-01'),
      await w.file('empty.csv', ''),
      await w.file('binary.csv', Buffer.from([0, 255, 3, 0, 10, 200, 1])),
      await w.file('good.csv', csv(line('good'))),
    ]);
    const messages = summary.failures.map((f) => f.message).join('\n');
    expect(messages).toMatch(/cut\.csv\.gz.*cut off/);
    expect(messages).toMatch(/missing\.csv: no column "model_permaslug"/);
    expect(messages).toMatch(/empty\.csv: the file is empty/);
    expect(summary.failures).toHaveLength(4);
    expect(await w.rows('id')).toEqual([{ id: 'good' }]);
  });

  it('taken for another format, they give nothing and do not stand in the way of the right one', async () => {
    await using w = await workspace();
    const row = {
      request_id: 'r1',
      startTime: '2026-03-02 10:00:00',
      model: 'gpt-5',
      prompt_tokens: 10,
      completion_tokens: 5,
    };
    const file = await w.file('spend.ndjson', `${JSON.stringify(row)}\n`);
    const wrong = await w.import([file], { format: 'langfuse' });
    expect(wrong).toMatchObject({ rows: 0 });
    expect(await w.import([file], { format: 'litellm' })).toMatchObject({ rows: 1, failures: [] });
    expect((await w.import([file], { format: 'openai-usage' })).failures).toMatchObject([
      { code: 'other_mapping' },
    ]);
  });

  it('packed and longer than what tells their kind, they are not left open', async () => {
    await using w = await workspace();
    const text = csv(line('g1'), line('g2', { user: randomBytes(3 << 20).toString('base64') }));
    const files = await Promise.all([
      ...[1, 2, 3].map((n) => w.file(`${n}.csv.gz`, gzipSync(`${text}${n}`))),
      ...[1, 2, 3].map((n) => w.file(`${n}.csv.zst`, zstdCompressSync(`${text}${n}`))),
    ]);
    const open = async () => {
      const links = await readdir('/proc/self/fd').catch(() => []);
      const paths = await Promise.all(links.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
      return paths.filter((path) => files.includes(path));
    };
    await w.import(files);
    await expect.poll(open).toEqual([]);
  });

  it('logs of agents in UTF-16 are told so once, not line by line', async () => {
    await using w = await workspace();
    for (const format of ['claude-code', 'gemini-cli']) {
      const text = Buffer.from('\ufeff{"type":"assistant"}\r\n{"type":"assistant"}\r\n{}\r\n', 'utf16le');
      const file = await w.file(`${format}.jsonl`, text);
      const { failures, rejected } = await w.import([file], { format });
      expect(failures).toMatchObject([{ code: 'bad_encoding', message: expect.stringContaining(file) }]);
      expect(rejected).toBe(0);
    }
  });

  it('packed in another way, or no table at all, they are told so', async () => {
    await using w = await workspace();
    const heads = { zip: '504b0304', xz: 'fd377a585a00', bz2: '425a6839314159' };
    for (const [name, hex] of Object.entries(heads))
      for (const format of ['openrouter-activity', 'claude-code']) {
        const file = await w.file(`a-${format}.${name}`, Buffer.from(`${hex}00010a0b`, 'hex'));
        const { failures, rejected } = await w.import([file], { format });
        expect(failures).toMatchObject([{ code: 'archive', message: expect.stringContaining(file) }]);
        expect(rejected).toBe(0);
      }
  });

  it('read by a mapping of StateAI’s own that has changed since, they are read anew', async () => {
    await using w = await workspace();
    const file = await w.file('a.csv', csv(line('g1')));
    await w.import([file]);
    const { loads } = w.warehouse.dataset('d').layout;
    for (const name of await readdir(loads)) {
      const noted = await readFile(join(loads, name), 'utf8');
      await writeFile(
        join(loads, name),
        noted.replace(/openrouter-activity@\w+/, 'openrouter-activity@older'),
      );
    }
    expect(await w.import([file])).toMatchObject({ rows: 0, duplicates: 1, skipped: 0, failures: [] });
    expect(await w.import([file])).toMatchObject({ skipped: 1, failures: [] });
  });

  it('a line of 300 MB is left out, with its number, in bounded memory', async () => {
    await using w = await workspace();
    const long = Buffer.alloc(300 << 20, 'x');
    const before = process.memoryUsage().rss;
    const path = await w.file(
      'long.csv',
      Buffer.concat([Buffer.from(`${csv(line('g1'))}\n`), long, Buffer.from(`\n${line('g2')}\n`)]),
    );
    const summary = await w.import([path]);
    expect(summary.rows).toBe(2);
    expect(summary.firstRejects[0]).toMatchObject({ line: 3 });
    expect(process.memoryUsage().rss - before).toBeLessThan(1.5e9);
  }, 60_000);

  it.skipIf(process.getuid?.() === 0)(
    'a directory without permission is named, and the others are read',
    async () => {
      await using w = await workspace();
      await mkdir(w.path('shut'));
      await chmod(w.path('shut'), 0);
      const summary = await w.import([w.path('shut'), await w.file('good.csv', csv(line('good')))]);
      await chmod(w.path('shut'), 0o700);
      expect(summary.failures[0]?.message).toContain('no permission');
      expect(summary.rows).toBe(1);
    },
  );
});

describe('mapped tables', () => {
  const mapping = `name: t
fields:
  createdAt: { column: at, timezone: Europe/Berlin }
  model: model
  promptTokens: usage.in
  completionTokens: usage.out
  cost: { column: cents, unit: cents }
  latencyMs: { column: wait, unit: s }
`;
  it('reads JSON lines with paths, units and a time zone, and counts equal rows as often as they stand', async () => {
    await using w = await workspace();
    const row =
      '{"at":"2026-01-10 12:00:00","model":"A/B:free","usage":{"in":5,"out":6},"cents":250,"wait":0.5}';
    const file = await w.file(
      't.ndjson',
      [row, row, 'not json', '', row.replace('12:00:00', '12:00:00+00:00'), '{"at":1'].join('\n'),
    );
    const summary = await w.import([file], { format: 'ndjson', mapping: await w.file('m.yaml', mapping) });
    expect(summary.rows).toBe(3);
    expect(summary.rejected).toBe(2);
    expect(summary.firstRejects.map((r) => r.line)).toEqual([3, 6]);
    const rows = await w.rows('created_at, model, variant, total_tokens, "cost", latency_ms');
    expect(rows[0]).toEqual({
      created_at: '2026-01-10 11:00:00',
      model: 'a/b',
      variant: 'free',
      total_tokens: 11,
      cost: 2.5,
      latency_ms: 500,
    });
    expect(rows[2]).toMatchObject({ created_at: '2026-01-10 12:00:00' });
    await w.import([file], { format: 'ndjson', mapping: w.path('m.yaml'), replace: true });
    expect(await w.rows()).toHaveLength(3);
  });

  it('names file and line of a mistake in the mapping', async () => {
    await using w = await workspace();
    const bad = await w.file('bad.yaml', 'fields:\n  createdAt: at\n  modell: model\n');
    await expect(w.import([await w.file('t.csv', 'a\n1')], { format: 'csv', mapping: bad })).rejects.toThrow(
      /"modell" is not a field/,
    );
  });
});

describe('several imports at once', () => {
  it('of overlapping files into one dataset give what one after the other gives', async () => {
    await using w = await workspace();
    const data = w.path('data');
    const files: string[] = [];
    for (let f = 0; f < 4; f++)
      files.push(
        await w.file(`${f}.csv`, csv(...Array.from({ length: 3000 }, (_, i) => line(`g${f * 2000 + i}`)))),
      );
    const ran = await Promise.all(
      files.map((f) => cli(['import', 'openrouter-activity', f, '--dataset', 'd', '--data', data])),
    );
    for (const r of ran) expect(r.code, r.stderr).toBe(0);
    const [count] = await w.rows<{ n: number; ids: number }>('count(*) AS n, count(DISTINCT id) AS ids');
    expect(count).toEqual({ n: 9000, ids: 9000 });
  }, 60_000);

  it('at once in one process count every row once', async () => {
    await using w = await workspace();
    const rows = Array.from({ length: 8 }, (_, i) => line(`g${i}`));
    const files = await Promise.all(rows.map((_, i) => w.file(`part${i}.csv`, csv(...rows.slice(0, i + 1)))));
    await Promise.all(files.map((file) => w.import([file], { settle: false })));
    expect((await w.rows('id')).map((r) => r.id)).toEqual(rows.map((_, i) => `g${i}`));
  });

  it('that comes to nothing, as an API’s error does, ends with code 1', async () => {
    await using w = await workspace();
    const ran = await cli(
      ['import', 'litellm', '-', '--dataset', 'd', '--data', w.path('data')],
      '{"error": {"message": "no such key", "code": 401}}',
    );
    expect(ran.code, ran.stderr).toBe(1);
    expect(ran.stderr).toContain('not a JSON object with the mapped fields');
  });

  it('of files that hold nothing of the format says so', async () => {
    await using w = await workspace();
    const file = await w.file('other.jsonl', '{"type":"user"}\n{"level":"info"}\n');
    const ran = await cli(['import', 'claude-code', file, '--dataset', 'd', '--data', w.path('data')]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain('Nothing in this file is a generation as claude-code has them');
  });

  it('reads standard input', async () => {
    await using w = await workspace();
    const ran = await cli(
      ['import', 'openrouter-activity', '-', '--dataset', 'd', '--data', w.path('data')],
      csv(line('piped')),
    );
    expect(ran.code, ran.stderr).toBe(0);
    expect(await w.rows('id')).toEqual([{ id: 'piped' }]);
  });
});
