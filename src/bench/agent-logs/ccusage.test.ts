/** The same logs counted by StateAI and by ccusage, day by day and model by model, and where the two differ by design. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entry } from '../../ingest/claude-code/entry.fixture.ts';
import { counted, ID, meta, turn } from '../../ingest/codex/log.fixture.ts';
import { runImport } from '../../ingest/import.ts';
import { message, type Tokens, writeDatabase, writeFiles } from '../../ingest/opencode/store.fixture.ts';
import { temporaryDirectory } from '../../testing/workspace.ts';
import { fileList } from '../../warehouse/engine.ts';
import { openWarehouse } from '../../warehouse/warehouse.ts';
import { findCcusage, runCcusage } from './ccusage.ts';
import { random } from './random.ts';
import { type AgentFormat, writeAgentLogs } from './write.ts';

const program = findCcusage();

/** Tokens of a day and model: `2026-01-05 gpt-5` → input without cache, cache reads, cache writes, output. */
type Totals = Record<string, [input: number, read: number, written: number, output: number]>;

interface Day {
  date: string;
  modelBreakdowns?: (Counts & { modelName: string })[];
  models?: Record<string, Counts>;
}
interface Counts {
  inputTokens: number;
  cacheReadTokens: number;
  cacheCreationTokens: number;
  outputTokens: number;
}

type AnyFormat = AgentFormat | 'opencode' | 'gemini-cli';

async function ccusage(format: AnyFormat, directory: string): Promise<Totals> {
  const { daily } = (await runCcusage(program ?? '', format, directory)) as { daily: Day[] };
  const totals: Totals = {};
  for (const { date, modelBreakdowns, models } of daily) {
    const all = modelBreakdowns?.map((m) => [m.modelName, m] as const) ?? Object.entries(models ?? {});
    for (const [model, c] of all)
      totals[`${date} ${model}`] = [c.inputTokens, c.cacheReadTokens, c.cacheCreationTokens, c.outputTokens];
  }
  return totals;
}

async function stateai(format: AnyFormat, directory: string, data: string): Promise<Totals> {
  const warehouse = await openWarehouse(data);
  try {
    const dataset = warehouse.dataset('d');
    const summary = await runImport(warehouse, dataset, { format, paths: [directory], settle: false });
    expect(summary).toMatchObject({ rejected: 0, failures: [] });
    const files = (await dataset.manifest()).lake.map((f) => join(dataset.layout.lake, f.file));
    const rows = await (await dataset.engine()).query<Record<string, unknown>>(`
      SELECT strftime(created_at, '%Y-%m-%d') || ' ' || model AS key, sum(cached_tokens)::BIGINT AS read,
        coalesce(sum(cache_write_tokens), 0)::BIGINT AS written, sum(completion_tokens)::BIGINT AS output,
        sum(prompt_tokens)::BIGINT - read - written AS input
      FROM read_parquet(${fileList(files)}) GROUP BY 1`);
    const entry = (r: Record<string, unknown>) => [r.input, r.read, r.written, r.output].map(Number);
    return Object.fromEntries(rows.map((r) => [String(r.key), entry(r) as Totals[string]]));
  } finally {
    await warehouse.close();
  }
}

async function both(format: AnyFormat, write: (directory: string) => Promise<unknown>) {
  await using temporary = await temporaryDirectory();
  const logs = join(temporary.path, 'logs');
  await mkdir(logs);
  await write(logs);
  return {
    ccusage: await ccusage(format, logs),
    stateai: await stateai(format, logs, join(temporary.path, 'data')),
  };
}

describe.skipIf(!program).each(['claude-code', 'codex'] as const)('%s', (format) => {
  it.each([1, 2, 3])('the same for every day and model, in made-up logs number %i', async (seed) => {
    const counted = await both(format, (directory) =>
      writeAgentLogs(directory, format, { bytes: 5e6, sessionBytes: 150_000, seed }),
    );
    expect(Object.keys(counted.stateai).length).toBeGreaterThan(20);
    expect(counted.stateai).toEqual(counted.ccusage);
  });
});

/** ccusage shows reasoning of these two in its sum only, not as output. */
const withoutReasoning = (totals: Totals, reasoning: Record<string, number>): Totals =>
  Object.fromEntries(
    Object.entries(totals).map(([key, [input, read, written, output]]) => [
      key,
      [input, read, written, output - (reasoning[key] ?? 0)],
    ]),
  );

describe.skipIf(!program)('a second opinion on', () => {
  const rng = random(5);
  const answers = Array.from({ length: 60 }, (_, i) => ({
    id: `${String(i).padStart(8, '0')}-0000-4000-8000-000000000000`,
    created: Date.UTC(2026, 1, 1 + (i % 9), 12, 0, i),
    model: rng.pick(['gemini-3-pro-preview', 'gpt-5.1']),
    input: rng.whole(1, 9000),
    output: rng.whole(1, 900),
    reasoning: rng.whole(0, 900),
    read: rng.whole(0, 9000),
    write: rng.whole(0, 500),
  }));
  const reasoning: Record<string, number> = {};
  for (const a of answers) {
    const key = `${new Date(a.created).toISOString().slice(0, 10)} ${a.model}`;
    reasoning[key] = (reasoning[key] ?? 0) + a.reasoning;
  }

  it('OpenCode: files and a database', async () => {
    const messages = answers.map(({ id, created, model, input, output, reasoning, read, write }) => {
      const total = input + output + reasoning + read + write;
      const tokens: Tokens = { total, input, output, reasoning, cache: { read, write } };
      return message({ id: `msg_${id}`, created, model, tokens });
    });
    const counted = await both('opencode', async (directory) => {
      writeFiles(directory, messages.slice(0, 40));
      writeDatabase(join(directory, 'opencode.db'), messages.slice(20));
    });
    expect(withoutReasoning(counted.stateai, reasoning)).toEqual(counted.ccusage);
  });

  it('Gemini CLI: documents and lines', async () => {
    const records = answers.map(({ id, created, model, input, output, reasoning, read }) => {
      const tokens = { input: input + read, output, cached: read, thoughts: reasoning, tool: 0 };
      const total = tokens.input + output + reasoning;
      return {
        id,
        timestamp: new Date(created).toISOString(),
        type: 'gemini',
        model,
        tokens: { ...tokens, total },
      };
    });
    const first = { sessionId: 'one', projectHash: 'x' };
    const counted = await both('gemini-cli', async (directory) => {
      const chats = join(directory, 'x/chats');
      await mkdir(chats, { recursive: true });
      await writeFile(
        join(chats, 'session-1.json'),
        JSON.stringify({ ...first, messages: records.slice(0, 30) }, null, 2),
      );
      const lines = [first, ...records.slice(30), ...records.slice(50)].map((r) => JSON.stringify(r));
      await writeFile(join(chats, 'session-2.jsonl'), `${lines.join('\n')}\n`);
    });
    expect(withoutReasoning(counted.stateai, reasoning)).toEqual(counted.ccusage);
  });
});

/** Files by name, each a list of lines. */
type Logs = Record<string, readonly string[]>;

const answer = (output: number, top: object = {}, more: object = {}) =>
  entry({
    usage: {
      input_tokens: 1,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
      output_tokens: output,
      ...more,
    },
    top,
  });
const LOG = 'projects/p/s.jsonl';
const ROLLOUT = (n: number) =>
  `sessions/2026/05/0${n}/rollout-2026-05-0${n}T10-00-00-${ID.slice(0, -1)}${n}.jsonl`;
const name = (n: number) => `${ID.slice(0, -1)}${n}`;
const claude = 'claude-sonnet-4-5-20250929';

const parent = [
  meta(0, name(1)),
  turn(0, 'gpt-5'),
  counted(1, [10, 0, 70, 0], [10, 0, 70, 0]),
  counted(9, [30, 0, 100, 0], [20, 0, 30, 0]),
];
/** Its history is copied at once, at its own beginning; then it asks for something of its own. */
const fork = (n: number) => [
  meta(20, name(n), { forked_from_id: name(1) }),
  meta(20, name(1)),
  turn(20, 'gpt-5'),
  counted(20, [10, 0, 70, 0], [10, 0, 70, 0]),
  counted(20, [30, 0, 100, 0], [20, 0, 30, 0]),
  counted(50 + n, [60, 0, 120, 0], [30, 0, 20, 0]),
];

/** Each with what StateAI and what ccusage makes of it: output tokens by day and model. */
const DIFFERENCES: [string, AgentFormat, Logs, Record<string, number>, Record<string, number>][] = [
  [
    'a message repeated under another request id outside a side chain',
    'claude-code',
    { [LOG]: [answer(70), answer(70, { requestId: 'req_2' })] },
    { [`2026-03-01 ${claude}`]: 70 },
    { [`2026-03-01 ${claude}`]: 140 },
  ],
  [
    'a side chain’s copy that is read before the streamed blocks of its original',
    'claude-code',
    {
      'projects/a/s.jsonl': [answer(70, { isSidechain: true, requestId: 'req_2' })],
      'projects/b/s.jsonl': [answer(8), answer(70)],
    },
    { [`2026-03-01 ${claude}`]: 70 },
    { [`2026-03-01 ${claude}`]: 78 },
  ],
  [
    'a repeated entry without message id',
    'claude-code',
    { [LOG]: [entry({ message: { id: undefined } }), entry({ message: { id: undefined } })] },
    { [`2026-03-01 ${claude}`]: 2087 },
    { [`2026-03-01 ${claude}`]: 4174 },
  ],
  [
    'an answer whose blocks lie on both sides of midnight',
    'claude-code',
    {
      [LOG]: [
        answer(8, { timestamp: '2026-03-01T23:59:59.000Z' }),
        answer(70, { timestamp: '2026-03-02T00:00:01.000Z' }),
      ],
    },
    { [`2026-03-01 ${claude}`]: 70 },
    { [`2026-03-02 ${claude}`]: 70 },
  ],
  [
    'null in a cache field',
    'claude-code',
    { [LOG]: [answer(70, {}, { cache_read_input_tokens: null })] },
    { [`2026-03-01 ${claude}`]: 70 },
    {},
  ],
  [
    'fast mode',
    'claude-code',
    { [LOG]: [answer(70, {}, { speed: 'fast' })] },
    { [`2026-03-01 ${claude}`]: 70 },
    { [`2026-03-01 ${claude}-fast`]: 70 },
  ],
  [
    'a Codex log that names no model',
    'codex',
    { [ROLLOUT(1)]: [meta(0, name(1)), counted(1, [10, 0, 70, 0], [10, 0, 70, 0])] },
    { '2026-05-01 unknown': 70 },
    { '2026-05-01 gpt-5': 70 },
  ],
  [
    'a Codex total that grew by more than the last request',
    'codex',
    {
      [ROLLOUT(1)]: [
        meta(0, name(1)),
        turn(0, 'gpt-5'),
        counted(1, [10, 0, 70, 0], [10, 0, 70, 0]),
        counted(9, [40, 0, 200, 0], [10, 0, 30, 0]),
      ],
    },
    { '2026-05-01 gpt-5': 200 },
    { '2026-05-01 gpt-5': 100 },
  ],
  [
    'two forks of one session that use the same next',
    'codex',
    { [ROLLOUT(1)]: parent, [ROLLOUT(2)]: fork(2), [ROLLOUT(3)]: fork(3) },
    { '2026-05-01 gpt-5': 120 },
    { '2026-05-01 gpt-5': 140 },
  ],
];

const outputs = (totals: Totals) => Object.fromEntries(Object.entries(totals).map(([key, t]) => [key, t[3]]));

describe.skipIf(!program)('differs by design', () => {
  it.each(DIFFERENCES)('%s', async (_, format, logs, ours, theirs) => {
    const found = await both(format, async (directory) => {
      for (const [file, lines] of Object.entries(logs)) {
        await mkdir(dirname(join(directory, file)), { recursive: true });
        await writeFile(join(directory, file), `${lines.join('\n')}\n`);
      }
    });
    expect([outputs(found.stateai), outputs(found.ccusage)]).toEqual([ours, theirs]);
  });
});
