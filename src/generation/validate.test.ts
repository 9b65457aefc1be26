import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS } from './generation.ts';
import { parseTime, validateGeneration } from './validate.ts';

const base = {
  id: 'g1',
  createdAt: '2025-03-01T12:00:00Z',
  model: 'a/b',
  promptTokens: 10,
  completionTokens: 5,
  source: 'test',
};

describe('validateGeneration', () => {
  it('fills what is absent with null, and requests with one', () => {
    const { generation } = validateGeneration(base);
    expect(generation).toMatchObject({ totalTokens: 15, requests: 1, cost: null, finishReason: null });
    expect(Object.keys(generation ?? {})).toHaveLength(FIELDS.length);
  });

  it('keeps requests null where the source says that it does not know', () => {
    expect(validateGeneration({ ...base, requests: null }).generation?.requests).toBeNull();
  });

  it.each([
    [{ promptTokens: -1 }, 'promptTokens is -1'],
    [{ promptTokens: Number.NaN }, 'promptTokens is NaN'],
    [{ completionTokens: 1.5 }, 'completionTokens is 1.5'],
    [{ createdAt: 1_700_000_000 }, 'milliseconds, not seconds'],
    [{ createdAt: '2999-01-01' }, 'createdAt'],
    [{ createdAt: '2026-02-31T10:00:00Z' }, 'a day that exists'],
    [{ promptTokens: 2e15 }, 'at most 1e15'],
    [{ cost: 1e300 }, 'at most 1e12'],
    [{ durationMs: 1e13 }, 'at most 1e12'],
    [{ id: '' }, 'id is missing'],
    [{ country: 'Germany' }, 'country'],
    [{ finishReason: 'tool_use' }, 'finishReason'],
    [{ streamed: 'yes' }, 'streamed'],
    [{ labels: [{ path: '/x', confidence: 2 }] }, 'labels'],
  ])('explains %j', (change, words) => {
    const { problems } = validateGeneration({ ...base, ...change });
    expect(problems?.join('; ')).toContain(words);
  });

  it('never repeats text in a problem', () => {
    const { problems } = validateGeneration({ ...base, promptTokens: 'my secret prompt' });
    expect(problems?.join()).not.toContain('secret');
  });

  it('drops a part that is larger than its whole, and keeps the record', () => {
    expect(validateGeneration({ ...base, cachedTokens: 11, reasoningTokens: 6 }).generation).toMatchObject({
      cachedTokens: null,
      reasoningTokens: null,
    });
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const result = validateGeneration(value);
        expect(result.generation !== undefined || (result.problems?.length ?? 0) > 0).toBe(true);
      }),
    );
  });
});

describe('parseTime', () => {
  it('reads a time without an offset as UTC, and one with an offset as it says', () => {
    expect(parseTime('2026-08-24 21:59:53.387')).toBe(Date.UTC(2026, 7, 24, 21, 59, 53, 387));
    expect(parseTime('2026-08-24T21:59:53+02:00')).toBe(Date.UTC(2026, 7, 24, 19, 59, 53));
    expect(parseTime('yesterday')).toBeNaN();
  });

  it('knows how many days a month has', () => {
    for (const day of ['2026-02-29', '2026-02-31', '2026-04-31', '2026-13-01', '2026-01-32', '2026-00-10'])
      for (const text of [day, `${day}T10:00:00Z`, `${day} 10:00:00+02:00`])
        expect(parseTime(text)).toBeNaN();
    expect(parseTime('2028-02-29')).toBe(Date.UTC(2028, 1, 29));
    expect(parseTime('2026-12-31T23:59:59Z')).toBe(Date.UTC(2026, 11, 31, 23, 59, 59));
  });

  it('reads back every time that JavaScript writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (date) => {
          expect(parseTime(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });
});
