/** What the sentences say where the numbers that they print are the same, or too thin, or of no whole period. */
import { describe, expect, it } from 'vitest';
import { at, say } from './statement.fixture.ts';

const dot = (name: string, x: number, y: number) => ({ name, group: name, x, y, requests: 1 });

describe('what is level', () => {
  it('does not lead a mix', () => {
    const months = [
      ...at('2025-05-01', { a: 0.2, b: 0.8 }),
      ...at('2025-06-01', { a: 0.4, b: 0.40001, c: 0.2 }),
    ];
    expect(say('F20', months)).toBe(
      'B and A are level at the top in June 2025 with 40% of the programming spend each (80% and 20% in May 2025).',
    );
    expect(say('F20', months, { lang: 'zh' })).toBe(
      '2025年6月，B 和 A 并列居首，各占编程支出的 40%（2025年5月分别为 80% 和 20%）。',
    );
    expect(say('F20', at('2025-06-01', { a: 0.5, b: 0.5 }))).toBe(
      'A and B are level at the top in June 2025 with 50% of the programming spend each.',
    );
  });

  it('is counted where there are many', () => {
    const many = Object.fromEntries([...'abcdefgh'].map((key) => [key, 0.125]));
    expect(say('F20', [...at('2025-05-01', many), ...at('2025-06-01', many)])).toBe(
      'A, B, C and 5 more are level at the top in June 2025 with 12.5% of the programming spend each.',
    );
  });

  it('does not lead a panel', () => {
    const rows = (panel: string, a: number) => [
      ...at('2025-05-01', { a: 0.3, b: 0.7 }, false, panel),
      ...at('2025-06-01', { a, b: 1 - a }, false, panel),
    ];
    expect(say('F22', [...rows('x', 0.5), ...rows('y', 0.6)])).toBe(
      'Largest in June 2025 (and its share in May 2025), of the author’s labelled tokens that have a category. X: A and B, level with 50% each (30% and 70%); Y: A with 60% (30%), before B with 40%.',
    );
  });

  it('does not lead the models', () => {
    expect(say('F3', at('2025-06-01', { a: 0.3, b: 0.3, other: 0.4 }))).toBe(
      'Of the models shown, A and B are level in June 2025 with 30% of the tokens of open models each; 2 models together hold half or more of them.',
    );
    expect(say('F3', at('2025-06-01', { a: 0.5, b: 0.5 }))).toMatch(/each; each of them holds half or more/);
    expect(say('F3', at('2025-06-01', { a: 0.1, b: 0.1, other: 0.8 }), { lang: 'zh' })).toBe(
      '2025年6月，图中模型以 A 和 B 并列居首，各占开源模型 token 的 10%；2 个合计不足一半。',
    );
  });

  it('is nothing where only others have traffic', () => {
    expect(say('F3', at('2025-06-01', { a: 0, b: 0, other: 1 }))).toBe(
      'None of the models shown has any part of the tokens of open models in June 2025.',
    );
  });

  it('is not the longest alone', () => {
    expect(say('F16', at('2025-06-01', { a: 900, b: 900, c: 300 }))).toBe(
      'A and B are longest in June 2025 with 900 tokens per request each, 3.0 times the median of the other categories (300 tokens).',
    );
    expect(say('F16', at('2025-06-01', { a: 900, b: 900 }))).toBe(
      'A and B are longest in June 2025 with 900 tokens per request each.',
    );
  });

  it('is not one largest tag', () => {
    const tag = (group: string, series: string, value: number) => ({ group, series, value, requests: 1 });
    expect(say('F21', [tag('g', 'a', 0.5), tag('g', 'b', 0.5), tag('h', 'c', 1)])).toBe(
      'The largest tags: “A” and “B” in G (50% each); “C” in H (100%).',
    );
  });

  it('is neither used most nor dearest alone', () => {
    const rows = [dot('a', 2, 1000), dot('b', 2, 1000), dot('c', 1, 10)];
    expect(say('F26', rows, { facts: { median_x: 2, n: 3 } })).toBe(
      'The median category costs $2.00 per million tokens. Of the categories with a price, a and b are used most (1,000 tokens each at $2.00); a and b are dearest at $2.00.',
    );
    expect(say('F26', [dot('a', 2, 10), dot('b', 2, 5)], { facts: { median_x: 2, n: 2 } })).toBe(
      'The median category costs $2.00 per million tokens. Of the categories with a price, a is used most (10 tokens at $2.00); all cost the same.',
    );
    expect(say('F26', [dot('a', 2, 1000)], { facts: { median_x: 2, n: 1 } })).toBe(
      'Only a has a price: $2.00 per million tokens, for 1,000 tokens.',
    );
    expect(say('F28', rows, { facts: { n: 1 } })).toBe(
      'Of the models with a price, a and b are used most: 1,000 tokens each at $2.00.',
    );
  });

  it('heads no table alone', () => {
    const author = (name: string) => ({ author_name: name, tokens: 10, share: 0.5, models: 1, requests: 1 });
    expect(say('T1', [author('A'), author('B')])).toBe(
      'A and B are level as the most used authors of open models, with 10 tokens and 50% of all open tokens each; 2 authors have traffic.',
    );
    const language = (name: string) => ({ name, tokens: 10, share: 0.5 });
    expect(say('T2', [language('A'), language('B')], { lang: 'zh' })).toBe(
      '在语言已知的 token 中，A 和 B 并列居首，各占 50%；共出现 2 种语言。',
    );
    const model = (name: string) => ({
      segment: 's',
      segment_name: 'S',
      model_name: name,
      usd_per_million: 1,
      tokens: 10,
    });
    expect(say('T3', [model('A')])).toBe(
      'Only A has a price: $1.00 per million tokens, for 10 tokens. One model has no segments.',
    );
    expect(say('T3', [model('A'), model('B')])).toMatch(/S: A and B, \$1\.00\.$/);
  });
});

describe('an end that is thin', () => {
  const end = (low: number | null, high: number | null, panel?: string) =>
    at('2025-06-01', { a: 0.7, b: 0.3 }, false, panel).map((row) => ({ ...row, low, high }));

  it('is said, with its interval', () => {
    expect(say('F6', end(0.4, 0.9))).toMatch(
      / before B with 30%\. A is too thin there to be read alone: its 95% interval is 40% to 90%\.$/,
    );
    expect(say('F6', end(0.65, 0.75))).toMatch(/ before B with 30%\.$/);
    expect(say('F6', end(null, null), { lang: 'zh' })).toMatch(/最后这个数值仅来自一个账户。$/);
    const mean = at('2025-06-01', { a: 900 }).map((row) => ({ ...row, low: 300, high: 2700 }));
    expect(say('F16', mean)).toMatch(/its 95% interval is 300 tokens to 2,700 tokens\.$/);
  });

  it('is said of panels by name', () => {
    expect(say('F22', [...end(0.2, 0.9, 'x'), ...end(0.6, 0.75, 'y'), ...end(null, null, 'z')])).toMatch(
      / Too thin there to be read alone: X and Z\.$/,
    );
  });

  it('is not looked for where there are no intervals', () => {
    expect(say('F6', at('2025-06-01', { a: 0.7, b: 0.3 }))).not.toContain('thin');
    expect(say('F1', end(0, 1))).not.toContain('thin');
  });
});

describe('numbers', () => {
  it('of partial periods are no course', () => {
    const rows = [...at('2025-05-01', { a: 500 }, true), ...at('2025-06-01', { a: 20 }, true)];
    expect(say('F2', rows)).toBe(
      'Only partial periods so far: 500 tokens in May 2025, 20 tokens in June 2025.',
    );
  });

  it('of tokens are whole', () => {
    expect(say('F28', [dot('a', 1, 10)], { facts: { n: 2, median_x: 1, median_y: 48477.5 } })).toContain(
      '48,478 tokens',
    );
  });

  it('that are not 0 are not said to be', () => {
    const facts = { n: 40, slope: -0.2, slope_error: 0.0975, r2: 0.0004, price_cut_change: 0.02 };
    expect(say('F27', [dot('a', 1, 10), dot('b', 5, 10)], { facts })).toContain(
      '(slope −0.2, R² 0.0004; 95% interval of the slope −0.4 to −0.003)',
    );
  });
});
