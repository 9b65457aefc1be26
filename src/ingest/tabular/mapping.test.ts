/** What a mapping file may say, and how it is told of its mistakes. */
import { describe, expect, it } from 'vitest';
import { parseMapping } from './mapping.ts';
import { refused, tables } from './tables.fixture.ts';

const BASE = `name: t
fields:
  id: id
  createdAt: at
  model: model
`;
const TOKENS = '  promptTokens: p\n  completionTokens: c\n';

async function imported(more: string, csv: string, select: string) {
  await using t = await tables('csv');
  const summary = await t.import('t.csv', csv, { mapping: await t.mapping(`${BASE}${more}`) });
  return { summary, rows: await t.rows(select), hash: t.warehouse.hashAccount };
}
const csv = (columns: string, ...rows: string[]) =>
  [`id,at,model,${columns}`, ...rows.map((r, i) => `r${i},2026-01-01,m,${r}`)].join('\n');

describe('values', () => {
  it('a sum counts what is absent as nothing, is unknown where all is absent, and refuses what is no count', async () => {
    const { rows, summary } = await imported(
      '  promptTokens: { sum: [a, [b, b2], missing] }\n  completionTokens: c\n',
      csv('a,b,b2,c', '1,2,9,4', '1,,9,4', ',,,4', '1,x,,4', '1,-2,,4', '3.0,,,4'),
      'id, prompt_tokens AS p',
    );
    expect(rows).toEqual([
      { id: 'r0', p: 3 },
      { id: 'r1', p: 10 },
      { id: 'r2', p: null },
      { id: 'r5', p: 3 },
    ]);
    expect(refused(summary).map((r) => r.replace(/: expected.*got/, ''))).toEqual([
      '5: promptTokens a text of 1 characters',
      '6: promptTokens "-2"',
    ]);
  });

  it('a duration lies between two times', async () => {
    const { rows } = await imported(
      `${TOKENS}  latencyMs: { from: at, to: first, before: end }\n  durationMs: { from: at, to: end }\n`,
      csv(
        'p,c,first,end',
        '1,1,2026-01-01 00:00:01,2026-01-01 00:00:02.5',
        '1,1,2026-01-01 00:00:02,2026-01-01 00:00:02',
        '1,1,soon,2025-12-31',
      ),
      'id, latency_ms AS l, duration_ms AS d',
    );
    expect(rows).toEqual([
      { id: 'r0', l: 1000, d: 2500 },
      { id: 'r1', l: null, d: 2000 },
      { id: 'r2', l: null, d: null },
    ]);
  });

  it('a time that names its zone keeps it, whatever zone the others are in', async () => {
    const times = async (more: string, ...texts: string[]) => {
      await using t = await tables('csv');
      const mapping = await t.mapping(
        `${BASE.replace('createdAt: at', `createdAt: { column: at, timezone: Europe/Berlin${more} }`)}${TOKENS}`,
      );
      const rows = texts.map((text, i) => `${i},${text},m,1,1`);
      await t.import('t.csv', ['id,at,model,p,c', ...rows].join('\n'), { mapping });
      return (await t.rows<{ at: string }>('id, created_at AS at')).map((row) => row.at.slice(11, 16));
    };
    expect(
      await times(
        '',
        '2026-07-01 12:00:00',
        '2026-07-01 12:00:00 UTC',
        '2026-07-01T12:00:00Z',
        '2026-07-01 12:00:00 -0500',
        '2026-07-01 12:00:00 +05:30',
      ),
    ).toEqual(['10:00', '12:00', '12:00', '17:00', '06:30']);
    expect(
      await times(', pattern: "%d/%m/%Y %H:%M %z"', '01/07/2026 12:00 +0500', '01/07/2026 12:00 +0000'),
    ).toEqual(['07:00', '12:00']);
    expect(await times(', pattern: "%d/%m/%Y %H:%M"', '01/07/2026 12:00')).toEqual(['10:00']);
  });

  it('numbers with a decimal comma, and with their thousands set apart', async () => {
    const read = async (decimal: string, ...rows: string[]) => {
      const { rows: records, summary } = await imported(
        `  promptTokens: { sum: [p, q] }
  completionTokens: c
  cost: cost
  durationMs: { from: at, to: end }
${decimal}`,
        ['id;at;model;p;q;c;cost;end', ...rows.map((row, i) => `r${i};2026-01-01;m;${row}`)].join('\n'),
        'prompt_tokens AS p, completion_tokens AS c, cost, duration_ms AS d',
      );
      return { records, refused: refused(summary) };
    };
    const end = '2026-01-01 00:00:01.500';
    const first = { p: 1_234_569, c: 20, cost: 1234.5, d: 1500 };
    expect(
      await read('decimal: ","', `1.234.567;2;20;1.234,5;${end}`, `1;;20;0,0021;${end}`, `1;;20;1,2,3;`),
    ).toEqual({
      records: [first, { p: 1, c: 20, cost: 0.0021, d: 1500 }].reverse(),
      refused: ['4: cost: expected a number from 0 to 1e12, got "1,2,3"'],
    });
    expect(await read('decimal: "."', `1,234,567;2;20;1’234.5;${end}`)).toEqual({
      records: [first],
      refused: [],
    });
    expect((await read('', `1;;20;0,0021;${end}`)).refused).toEqual([
      '2: cost: expected a number from 0 to 1e12, got "0,0021"',
    ]);
  });

  it('what cannot be read is shown only where it is a number, a time or a word for nothing', async () => {
    const { summary } = await imported(
      TOKENS,
      csv('p,c', 'many,1', 'N/A,1', '"1,5",1', '0012 345,1', 'tell me,1'),
      'id',
    );
    expect(refused(summary).map((reason) => reason.replace(/.* got /, ''))).toEqual([
      'a text of 4 characters',
      '"N/A"',
      '"1,5"',
      '"0012 345"',
      'a text of 7 characters',
    ]);
  });

  it('words that mean nothing, defaults, comparisons and lenient fields', async () => {
    const { rows, summary, hash } = await imported(
      `${TOKENS}  account: { columns: [user, key], unknown: [None, "-"] }
  provider: { column: provider, default: own }
  cancelled: { column: state, equals: [Cancelled, aborted] }
  status: { column: code, lenient: true }
`,
      csv(
        'p,c,user,key,provider,state,code',
        '1,1,None,k,,CANCELLED,200',
        '1,1,-,-,x,done,oops',
        '1,1,u,k,x,,-5',
      ),
      'id, account, provider, cancelled, status',
    );
    expect(summary.rejected).toBe(0);
    expect(rows).toEqual([
      { id: 'r0', account: hash('k'), provider: 'own', cancelled: true, status: 200 },
      { id: 'r1', account: null, provider: 'x', cancelled: false, status: null },
      { id: 'r2', account: hash('u'), provider: 'x', cancelled: null, status: null },
    ]);
  });

  it('reasons to end in the words of providers, also as Python prints them', async () => {
    const { rows } = await imported(
      `${TOKENS}  nativeFinishReason: end\n`,
      csv(
        'p,c,end',
        '1,1,FinishReason.STOP',
        '1,1,end_turn',
        '1,1,MAX_TOKENS',
        '1,1,Finish_Reason.TOOL_USE',
        '1,1,odd',
      ),
      'id, finish_reason AS reason',
    );
    expect(rows.map((row) => (row as { reason: string | null }).reason)).toEqual([
      'stop',
      'stop',
      'length',
      'tool_calls',
      null,
    ]);
  });

  it('an id of people’s names is hashed', async () => {
    await using t = await tables('csv');
    const mapping = await t.mapping(
      `${BASE.replace('id: id', 'id: { columns: [at, id], join: ":", hashed: true }')}${TOKENS}idPrefix: "t:"\n`,
    );
    await t.import('t.csv', 'id,at,model,p,c\nada,2026-01-01,m,1,1\n', { mapping });
    const [row] = await t.rows<{ id: string }>('id');
    expect(row?.id).toMatch(/^t:[0-9a-f]{16}$/);
  });
});

describe('labels of another system', () => {
  const labels = `${TOKENS}  labels: { column: category, confidence: sure }\n`;
  it('count 1 / sample rate times, so a rate that is none is refused', async () => {
    const { rows, summary } = await imported(
      `${labels}  sampleRate: rate\n  requests: n\n`,
      csv(
        'p,c,category,sure,rate,n',
        ...['0.0025,1', '1,', '0,1', '2,1', 'NaN,1', '1,0'].map((r) => `1,1,/A,1,${r}`),
      ),
      'id, sample_rate AS r',
    );
    expect(rows).toEqual([
      { id: 'r0', r: 0.0025 },
      { id: 'r1', r: 1 },
    ]);
    expect(refused(summary)).toEqual([
      '4: sampleRate: expected a fraction over 0 and at most 1, got "0"',
      '5: sampleRate: expected a fraction over 0 and at most 1, got "2"',
      '6: sampleRate: expected a fraction over 0 and at most 1, got "NaN"',
      '7: requests: expected a whole number from 1 on, got "0"',
    ]);
  });

  it('are kept with their origin', async () => {
    const { rows } = await imported(
      labels,
      csv(
        'p,c,category,sure',
        '1,1,/Games/Roleplay,0.7',
        '1,1,/Games,',
        '1,1,,',
        '1,1,"[{""path"":""/A"",""confidence"":0.5},""/B""]",',
      ),
      'id, labels, classifier',
    );
    expect(rows.map((r) => [r.labels, r.classifier])).toEqual([
      [[{ path: '/Games/Roleplay', confidence: 0.7 }], 't'],
      [[{ path: '/Games', confidence: 1 }], 't'],
      [null, null],
      [
        [
          { path: '/A', confidence: 0.5 },
          { path: '/B', confidence: 1 },
        ],
        't',
      ],
    ]);
    const named = await imported(
      `${labels}constants:\n  classifier: theirs@2\n`,
      csv('p,c,category,sure', '1,1,/A,1'),
      'classifier',
    );
    expect(named.rows).toEqual([{ classifier: 'theirs@2' }]);
  });

  it('are refused where a confidence is none', async () => {
    const { summary } = await imported(labels, csv('p,c,category,sure', '1,1,/A,2', '1,1,/A,high'), 'id');
    expect(refused(summary)).toEqual([
      '2: labels: expected a path, or a list of at most 32 { path, confidence in [0, 1] }',
      '3: labels: expected a path, or a list of at most 32 { path, confidence in [0, 1] }',
    ]);
  });
});

describe('rows', () => {
  it.each([
    ['in: [x, y]', ['r0', 'r1'], 2],
    ['notIn: [x]', ['r1', 'r2', 'r3'], 1],
    ['present: true', ['r0', 'r1', 'r2'], 1],
  ])('only: { column: kind, %s }', async (rule, kept, ignored) => {
    const { rows, summary } = await imported(
      `${TOKENS}only: { column: kind, ${rule} }\n`,
      csv('p,c,kind', '1,1,x', '1,1,y', '1,1,z', '1,1,'),
      'id',
    );
    expect(rows.map((r) => r.id)).toEqual(kept);
    expect(summary).toMatchObject({ ignored, rejected: 0 });
  });

  it('that are passed over are not looked at, and lines are counted all the same', async () => {
    const { summary } = await imported(
      `${TOKENS}only: { column: kind, in: [x] }\n`,
      csv('p,c,kind', 'a,1,y', '1,1,x', 'b,1,x'),
      'id',
    );
    expect(summary).toMatchObject({ ignored: 1, rejected: 1 });
    expect(refused(summary)[0]).toMatch(/^4: promptTokens/);
  });
});

describe('mistakes', () => {
  it.each([
    ['fields:\n  createdAt: at\n  modell: m\n', 3, /"modell" is not a field/],
    [`${BASE}  promptTokens: { sum: [] }\n`, 6, /sum must be a list of columns/],
    [`${BASE}  promptTokens: { sum: [[a]], overlap: { total: b } }\n`, 6, /overlap needs total, others/],
    [`${BASE}  model2: x\n`, 6, /"model2" is not a field/],
    [`${BASE}${TOKENS}  latencyMs: { from: at }\n`, 8, /needs both "from" and "to"/],
    [`${BASE}${TOKENS}  provider: { sum: [a] }\n`, 8, /"provider" is no number/],
    [`${BASE}${TOKENS}  source: x\n`, 8, /"source" cannot be mapped/],
    [`${BASE}${TOKENS}only: { column: kind }\n`, 8, /one of "in", "notIn" and "present"/],
    [`${BASE}${TOKENS}rows: data\n`, 8, /such as data\[\]/],
    [`${BASE}${TOKENS}rwos: data[]\n`, 8, /unknown key "rwos"/],
    [`${BASE}${TOKENS}format: xml\n`, 8, /"format" must be/],
  ])('%j is told at its line', (text, line, message) => {
    expect(() => parseMapping(text, 'm.yaml')).toThrow(message);
    expect(() => parseMapping(text, 'm.yaml')).toThrow(new RegExp(`^m\\.yaml:${line}: `));
  });
});
