import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presetOf, presetRange } from './range.ts';
import { grainOf, ignoredIn, parseSearch, parseView, stringifySearch, type View, viewFor } from './view.ts';

describe('a view', () => {
  it('survives its way through the address', () => {
    const view: View = {
      dataset: 'my data & more',
      from: '2025-01-01',
      to: '2025-02-28',
      grain: 'day',
      lang: 'zh',
      where: ['model=a/b=c', 'author=openai'],
    };
    expect(parseView(parseSearch(stringifySearch(view)))).toEqual(view);
  });

  it('keeps only what makes sense', () => {
    expect(
      parseView({
        grain: 'year',
        lang: 'fr',
        from: '2025-02-30',
        to: 7,
        where: ['color=red', 'size='],
        x: 1,
      }),
    ).toEqual({});
    expect(parseView({ from: '2025-03-01', to: '2025-01-01' })).toEqual({
      from: '2025-01-01',
      to: '2025-03-01',
    });
  });

  it('names what it leaves out, but not what others put into an address', () => {
    expect(
      ignoredIn({
        grain: 'year',
        to: '2025-02-30',
        where: ['color=red', 'size=huge', 'size=small'],
        utm: 'x',
      }),
    ).toEqual(['to=2025-02-30', 'grain=year', 'where=color=red', 'where=size=huge']);
    expect(ignoredIn({ from: '2025-03-01', to: '2025-01-01', lang: 'zh', where: ['open=true'] })).toEqual([]);
    expect(ignoredIn({})).toEqual([]);
  });

  it('is never broken by an address', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const view = parseView(parseSearch(text));
        expect(parseView(parseSearch(stringifySearch(view)))).toEqual(view);
      }),
    );
  });
});

describe('models picked for the cohorts', () => {
  const view: View = { dataset: 'd', where: ['model=x', 'open=open'], cohorts: ['a/b', 'c/d'] };

  it('stand in the address, a parameter each', () => {
    expect(stringifySearch({ cohorts: ['a/b', 'c/d'] })).toBe('?cohorts=a%2Fb&cohorts=c%2Fd');
    expect(parseView(parseSearch(stringifySearch(view)))).toEqual(view);
  });

  it('take the place of a model filter there, and are nothing to any other exhibit', () => {
    expect(viewFor('cohorts', view)).toEqual({
      dataset: 'd',
      where: ['open=open', 'model=a/b', 'model=c/d'],
    });
    expect(viewFor('series', view)).toEqual({ dataset: 'd', where: ['model=x', 'open=open'] });
    expect(viewFor('cohorts', { where: ['model=x'] })).toEqual({ where: ['model=x'] });
  });
});

describe('a preset', () => {
  it('counts back from the last day with data, in whole weeks and months', () => {
    // 2025-11-28 is a Friday; its Monday is the 24th, eleven weeks before that is September 8.
    expect(presetRange('weeks12', '2025-11-28')).toEqual({ from: '2025-09-08' });
    expect(presetRange('months12', '2025-11-28')).toEqual({ from: '2024-12-01' });
    expect(presetRange('weeks12', null)).toEqual({});
  });

  it('is recognised again', () => {
    expect(presetOf({ from: '2025-09-08' }, '2025-11-28')).toBe('weeks12');
    expect(presetOf({}, '2025-11-28')).toBe('all');
    expect(presetOf({ from: '2025-09-09' }, '2025-11-28')).toBeNull();
  });
});

describe('the length of periods', () => {
  const covered = { from: '2026-01-05', to: '2026-01-10' };

  it('is a day where there are a few, unless the reader chose', () => {
    expect(grainOf({}, covered)).toBe('day');
    expect(grainOf({ grain: 'week' }, covered)).toBe('week');
    expect(grainOf({}, { from: '2025-01-05', to: '2026-01-10' })).toBe('week');
    expect(grainOf({ from: '2026-01-01' }, { from: '2025-01-05', to: '2026-01-10' })).toBe('day');
    expect(grainOf({}, { from: null, to: null })).toBe('week');
  });
});
