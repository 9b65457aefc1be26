/** What the sentences say of made-up rows whose numbers are plain to see. */
import { describe, expect, it } from 'vitest';
import type { Row } from './contract.ts';
import { at, info, say } from './statement.fixture.ts';

describe('mixes', () => {
  const months = [...at('2025-05-01', { a: 0.2, b: 0.8 }), ...at('2025-06-01', { a: 0.7, b: 0.3 })];

  it('say who leads, what that was at first, and who follows', () => {
    expect(say('F6', months)).toBe(
      'A leads in June 2025 with 70% of open models’ labelled tokens that have a category (20% in May 2025), before B with 30%.',
    );
  });

  it('say once for all panels that no period is whole', () => {
    const panel = (name: string, ...periods: string[]) =>
      periods.flatMap((period) => at(period, { a: 0.7, b: 0.3 }, true, name));
    const one = [...panel('x', '2025-05-01'), ...panel('y', '2025-05-01')];
    const two = [...panel('x', '2025-05-01', '2025-06-01'), ...panel('y', '2025-05-01', '2025-06-01')];
    for (const rows of [one, two]) {
      const text = say('F22', rows);
      expect(text).toMatch(/^Only partial periods so far: /);
      expect(text.match(/Only partial/g)).toHaveLength(1);
      expect(text).toMatch(/X: .*Y: /);
    }
  });

  it('never read a partial period', () => {
    expect(say('F6', [...months, ...at('2025-07-01', { a: 0, b: 1 }, true)])).toBe(say('F6', months));
  });

  it('say so where there are only partial ones', () => {
    expect(say('F6', at('2025-07-01', { a: 0.4, b: 0.6 }, true))).toBe(
      'Only partial periods so far: B leads in July 2025 with 60% of open models’ labelled tokens that have a category, before A with 40%.',
    );
  });

  it('name neither the rest nor the unknown while there is anything else', () => {
    const rows = at('2025-05-01', { other: 0.5, unknown: 0.3, a: 0.2, b: 0 });
    expect(say('F20', rows)).toBe('A has 20% of the programming spend in May 2025; nothing else is named.');
    const later = at('2025-06-01', { closed: 0.6, unknown: 0.4 });
    expect(say('F8', [...at('2025-05-01', { closed: 0.7, unknown: 0.3 }), ...later])).toBe(
      'Closed models have 60% of the labelled programming tokens in June 2025 (70% in May 2025); the rest is unknown.',
    );
    expect(say('F8', later, { lang: 'zh' })).toContain('其余未知');
  });

  it('say that nothing else is there only where it is all', () => {
    expect(say('F20', at('2025-05-01', { other: 0, a: 1 }))).toBe(
      'A is all there is in May 2025: 100% of the programming spend.',
    );
  });

  it('have one sentence a panel', () => {
    const rows = [
      ...at('2025-05-01', { a: 1 }, false, 'x'),
      ...at('2025-05-01', { a: 0.4, b: 0.6 }, false, 'y'),
    ];
    expect(say('F22', rows)).toBe(
      'X: A is all there is in May 2025: 100% of the author’s labelled tokens that have a category. Y: B leads in May 2025 with 60% of the author’s labelled tokens that have a category, before A with 40%.',
    );
  });
});

describe('shares', () => {
  it('name a day with its own preposition', () => {
    const days = [...at('2025-05-01', { 'tool-calls': 0.1 }), ...at('2025-05-02', { 'tool-calls': 0.2 })];
    expect(say('F12', days, { grain: 'day' })).toBe(
      'Generations that end in a tool call went from 10% of tokens on 1 May 2025 to 20% on 2 May 2025, the highest value.',
    );
  });

  it('say what they are shares of, in both languages, and need no verb where there are none', () => {
    const course = [...at('2025-05-01', { 'tool-calls': 0.1 }), ...at('2025-06-01', { 'tool-calls': 0.2 })];
    expect(say('F12', course)).toBe(
      'Generations that end in a tool call went from 10% of tokens in May 2025 to 20% in June 2025, the highest value.',
    );
    expect(say('F12', course, { lang: 'zh' })).toBe(
      '以工具调用结束的生成占 token 总量的份额从2025年5月的 10% 升至2025年6月的 20%，为最高值。',
    );
    expect(say('F1', at('2025-05-01', { closed: 1 }))).toBe(
      'Not in this selection: Chinese open models, Rest-of-world open models.',
    );
    expect(say('F1', at('2025-05-01', { closed: 1 }, true))).toMatch(/^Not in this selection/);
    expect(say('F10', at('2025-05-01', { 'non-reasoning': 0.4, unknown: 0.6 }))).toBe(
      'Not known to be in this selection: Reasoning models.',
    );
  });

  it('tell both kinds of open models, the times once', () => {
    const split = (period: string, chinese: number, row: number) =>
      at(period, { closed: 1 - chinese - row, 'open-chinese': chinese, 'open-row': row });
    const months = [
      ...split('2025-04-01', 0.01, 0.2),
      ...split('2025-05-01', 0.3, 0.1),
      ...split('2025-06-01', 0.2, 0.25),
    ];
    expect(say('F1', months)).toBe(
      'Chinese open models went from 1% of tokens in April 2025 to 20% in June 2025; the highest value was 30%, in May 2025. Rest-of-world open models went from 20% to 25%, the highest value.',
    );
    expect(say('F1', months, { lang: 'zh' })).toMatch(/。其他地区开源模型从 20% 升至 25%，为最高值。$/);
    expect(say('F1', split('2025-06-01', 0.2, 0.25))).toBe(
      'Chinese open models in June 2025: 20% of tokens. Rest-of-world open models: 25%.',
    );
    const partial = split('2025-06-01', 0.2, 0.25).map((row) => ({ ...row, partial: true }));
    expect(say('F1', partial)).toMatch(/^Only partial periods so far: Chinese .*\. Rest-of-world/);
  });
});

describe('a thin beginning', () => {
  const month = (period: string, requests: number, a: number, panel?: string): Row[] =>
    at(period, { a, b: 1 - a }, false, panel).map((row) => ({ ...row, requests }));
  const rows = [
    ...month('2025-01-01', 1, 0.99),
    ...month('2025-02-01', 10, 0.9),
    ...month('2025-03-01', 100, 0.6),
    ...month('2025-04-01', 2, 0.8),
    ...month('2025-05-01', 110, 0.7),
    ...month('2025-06-01', 90, 0.65),
  ];

  it('is left out of shares, and that is said; a thin period later on is not', () => {
    expect(say('F6', rows)).toBe(
      'A leads in June 2025 with 65% of open models’ labelled tokens that have a category (60% in March 2025), before B with 35%. 2 earlier months with little traffic are left out here.',
    );
    const series = [{ ...info('a'), key: 'open-chinese' }];
    const chinese = rows.map((row) => ({ ...row, series: row.series === 'a' ? 'open-chinese' : 'closed' }));
    expect(say('F1', chinese, { series })).toBe(
      'Chinese open models went from 60% of tokens in March 2025 to 65% in June 2025; the highest value was 80%, in April 2025. 2 earlier months with little traffic are left out here.',
    );
  });

  it('is no reason to tell a course that does not move', () => {
    const flat = ['2025-01-01', '2025-06-01'].flatMap((period) => at(period, { closed: 1 }));
    expect(
      say(
        'F1',
        flat.map((row) => ({ ...row, series: 'open-chinese' })),
      ),
    ).toBe('Chinese open models: 100% of tokens in January 2025, 100% in June 2025, and nowhere more.');
  });

  it('is where a total starts', () => {
    const totals = rows.map((row) => ({ ...row, value: Number(row.requests) }));
    expect(say('F5', totals)).toBe(
      'From 2 models in January 2025 to 180 models in June 2025; the most was 220 models, in May 2025.',
    );
  });

  it('may be where it ends, with nowhere more', () => {
    const flat = rows.map((row) => ({ ...row, value: 3 }));
    expect(say('F5', flat)).toBe('6 models in January 2025, 6 models in June 2025, and nowhere more.');
  });

  it('is not looked for where rows do not say how much they carry', () => {
    const unknown = rows.map((row) => ({ ...row, requests: null }));
    expect(say('F6', unknown)).toBe(
      'A leads in June 2025 with 65% of open models’ labelled tokens that have a category (99% in January 2025), before B with 35%.',
    );
  });

  it('may differ between panels', () => {
    const full = ['2025-01-01', '2025-06-01'].flatMap((period) => month(period, 50, 0.7, 'x'));
    const thin = rows.map((row) => ({ panel: 'y', ...row }));
    expect(say('F22', [...full, ...thin])).toBe(
      'Largest in June 2025, of the author’s labelled tokens that have a category. X: A with 70% (70% in January 2025), before B with 30%; Y: A with 65% (60% in March 2025), before B with 35%. Earlier times with little traffic are left out here.',
    );
    const both = [...full, ...full.map((row) => ({ ...row, panel: 'z' }))];
    expect(say('F22', both)).toBe(
      'Largest in June 2025 (and its share in January 2025), of the author’s labelled tokens that have a category. X: A with 70% (70%), before B with 30%; Z: A with 70% (70%), before B with 30%.',
    );
  });
});

it('F16 sets the longest beside the median of the others', () => {
  expect(say('F16', at('2025-05-01', { a: 20_000, b: 1000, c: 3000, d: 2000 }))).toBe(
    'A is longest in May 2025 with 20,000 tokens per request, 10 times the median of the other categories (2,000 tokens).',
  );
});

it('F18 says how many times, at the end and typically', () => {
  const rows = [
    ...at('2025-05-01', { programming: 4000, overall: 1000 }),
    ...at('2025-06-01', { programming: 6000, overall: 2000 }),
    ...at('2025-07-01', { programming: 7000, overall: 2000 }),
  ];
  expect(say('F18', rows)).toBe(
    'Programming requests are 3.5 times as long as requests overall in July 2025 (7,000 tokens against 2,000 tokens); over 3 periods typically 3.5 times.',
  );
});

it('F21 names the largest tags and the most spread out category', () => {
  const row = (group: string, series: string, value: number): Row => ({ group, series, value, requests: 1 });
  const rows = [row('a', 's', 0.6), row('a', 'other', 0.4), row('b', 't', 0.1), row('b', 'other', 0.9)];
  expect(say('F21', rows)).toBe(
    'The largest tags: “S” in A (60%); “T” in B (10%). B is the most spread out: no tag has more than 10% of it.',
  );
  // Many tags of less than 7% each are more spread out than that.
  expect(say('F21', [...rows, row('c', 'other', 1)])).toBe(
    'The largest tags: “S” in A (60%); “T” in B (10%). C is the most spread out: no tag has 7% of it.',
  );
});

it('F21 calls no category spread out that has one large tag, and none of two that are the same', () => {
  const row = (group: string, value: number): Row => ({ group, series: 's', value, requests: 1 });
  expect(say('F21', [row('a', 1), row('b', 0.9)])).toBe('The largest tags: “S” in A (100%); “S” in B (90%).');
  expect(say('F21', [row('a', 0.2), row('b', 0.2)])).toBe(
    'The largest tags: “S” in A (20%); “S” in B (20%).',
  );
});

describe('elasticity', () => {
  const rows: Row[] = [{ name: 'm', group: 'open', x: 1, y: 1, model: 'm', requests: 1 }];
  const facts = (slope: number) => ({ n: 40, slope, r2: 0.12, price_cut_change: 0.9 ** slope - 1 });

  it.each([
    [-0.06, 'Over 40 models, a price 10% lower goes with 0.6% more use (slope −0.06, R² 0.12).'],
    [
      0.5,
      'Over 40 models, a price 10% lower goes with 5.1% less use (slope 0.5, R² 0.12): the dearer models are used more.',
    ],
    [0, 'Over 40 models, price and use go their own ways (slope 0, R² 0.12).'],
  ])('of slope %s', (slope, text) => {
    expect(say('F27', rows, { facts: facts(slope) })).toBe(text);
  });

  it('says how far the slope may be off, and whether that is to the other side', () => {
    // 2.0244 standard errors at 38 degrees of freedom, 12.706 at one.
    expect(say('F27', rows, { facts: { ...facts(-0.5), slope_error: 0.1 } })).toContain(
      '(slope −0.5, R² 0.12; 95% interval of the slope −0.7 to −0.3)',
    );
    expect(say('F27', rows, { facts: { ...facts(-0.5), n: 3, slope_error: 0.1 } })).toContain(
      '(slope −0.5, R² 0.12; 95% interval of the slope −1.77 to 0.77: none at all, or the contrary, is possible too)',
    );
    // What may as well be the contrary is not concluded from.
    expect(say('F27', rows, { facts: { ...facts(0.5), n: 3, slope_error: 0.1 } })).not.toContain('dearer');
    expect(say('F27', rows, { facts: { ...facts(0.5), slope_error: 0.1 } })).toContain(
      'dearer models are used',
    );
  });

  it('is not read from prices that are nearly the same', () => {
    const dots: Row[] = [10, 10.9, 10.5].map((x) => ({
      name: 'm',
      group: 'open',
      x,
      y: x,
      model: 'm',
      requests: 1,
    }));
    expect(say('F27', dots, { facts: { ...facts(8316), n: 3 } })).toBe(
      '3 models cost nearly the same: a line through their prices says nothing.',
    );
  });

  it('is not read from two models', () => {
    expect(say('F27', rows, { facts: { ...facts(1), n: 2 } })).toBe(
      '2 models have a price: too few for a regression.',
    );
  });
});

it('a price that is nearly nothing is not said to be nothing', () => {
  const row: Row = { name: 'M', group: 'open', x: 0.000_123_4, y: 1000, model: 'm', requests: 1 };
  expect(say('F28', [row], { facts: { n: 1 } })).toBe(
    'Of the models with a price, M is used most: 1,000 tokens at $0.00012.',
  );
});

it('T2 says what the first languages are of what is known', () => {
  const row = (language: string, name: string, share: number): Row => ({
    language,
    name,
    tokens: 1,
    share,
    requests: 1,
  });
  expect(say('T2', [row('en', 'English', 0.8), row('ru', 'Russian', 0.15), row('th', 'Thai', 0.05)])).toBe(
    'English makes up 80% of the tokens whose language is known, before Russian (15%) and Thai (5%); 3 languages occur.',
  );
  expect(say('T2', [row('en', 'English', 1)])).toBe('English is the only language that is known.');
});

it('F25 names the best cohort and the verdicts', () => {
  const cohort = (month: string, curve: number[]): Row[] =>
    [1, ...curve].map((value, age) => ({ model: 'a/m', cohort: month, age, accounts: 1000 * value, value }));
  const rows = [
    ...cohort('2025-01-01', [0.5, 0.4, 0.4, 0.4, 0.4]),
    ...cohort('2025-02-01', [0.4, 0.1, 0.08, 0.06]),
    ...cohort('2025-03-01', [0.4, 0.1, 0.08]),
    ...cohort('2025-04-01', [0.4, 0.1]),
  ];
  expect(say('F25', rows, { panels: [{ key: 'a/m', label: 'M' }] })).toBe(
    'Of the accounts that began with M in January 2025, 40% were active in month 5. Dominant launch: M (January 2025).',
  );
  const silent = rows.map((row) => (row.age === 5 ? { ...row, accounts: null, value: null } : row));
  expect(say('F25', silent, { panels: [{ key: 'a/m', label: 'M' }] })).toMatch(/40% were active in month 4,/);
  const longer = [...rows, ...cohort('2024-12-01', [0.4, 0.1, 0.08, 0.06, 0.05])];
  expect(say('F25', longer, { panels: [{ key: 'a/m', label: 'M' }] })).toMatch(
    /^Of the accounts that began with M in January 2025, 40% were active in month 5, more than in any other cohort that can be read\./,
  );
  const tied = [...rows, ...cohort('2024-12-01', [0.5, 0.4, 0.4, 0.4, 0.4])];
  expect(say('F25', tied, { panels: [{ key: 'a/m', label: 'M' }] })).toMatch(
    /40% were active in month 5, and in no cohort that can be read were more\./,
  );
});

it('a share that is neither none nor all is never rounded to it', () => {
  const rows = [
    ...at('2025-01-01', { 'tool-calls': 0.0002 }),
    ...at('2025-02-01', { 'tool-calls': 0.99997 }),
  ];
  expect(say('F12', rows)).toContain('from 0.02% of tokens in January 2025 to 99.997% in February 2025');
  const sums = [
    ...at('2025-01-01', { 'tool-calls': 1e-17 }),
    ...at('2025-02-01', { 'tool-calls': 1 - 1e-16 }),
  ];
  expect(say('F12', sums)).toContain('from 0% of tokens in January 2025 to 100% in February 2025');
});

it('of no rows nothing is said', () => {
  for (const id of ['F6', 'F16', 'F18', 'F21', 'F25', 'F26', 'F27', 'F28', 'T2', 'T3'])
    expect(say(id, [])).toBe('');
});
