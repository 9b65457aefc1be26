import { describe, expect, it } from 'vitest';
import {
  barsResult,
  cohortsResult,
  compositionResult,
  panelsResult,
  seriesResult,
} from '../../../src/charts/result.fixture.ts';
import { compareCells, tableData } from './table-data.ts';

const words = {
  period: 'Period',
  panel: 'Panel',
  model: 'Model',
  cohort: 'Cohort',
  accounts: 'Accounts',
  age: (age: number) => `+${age}`,
};

describe('the table behind a chart', () => {
  it('has a line a period and a column a series, gaps included', () => {
    const value = (s: number, p: number) => (p === 1 ? null : 0.25 + s);
    const table = tableData(seriesResult({ periods: 3, value, partial: [2] }), 'en', words);
    expect(table.columns.map((each) => each.label)).toEqual(['Period', 'Series closed', 'Series open']);
    expect(table.lines.map((line) => line.cells[1])).toEqual([0.25, null, 0.25]);
    expect(table.lines.map((line) => line.partial)).toEqual([false, false, true]);
    expect(table.columns[1]?.show(0.25)).toBe('25.0%');
    expect(table.columns[1]?.show(null)).toBe('–');
  });

  it('says the interval behind each value that has one', () => {
    const result = seriesResult({ periods: 2, series: ['a', 'b'] });
    const [first] = result.rows;
    const rows = [{ ...first, low: 0.118, high: 0.149 }, ...result.rows.slice(1)];
    const [line, ...more] = tableData({ ...result, rows }, 'en', words).lines;
    expect(line?.behind).toEqual(['', ' (11.8–14.9)', '']);
    expect(more[0]?.behind?.join('')).toBe('');
    const means = tableData(
      { ...result, unit: 'tokens_per_request', rows: [{ ...first, value: 1500, low: 1200, high: 1900 }] },
      'en',
      words,
    );
    expect(means.lines[0]?.behind?.[1]).toBe(' (1,200–1,900)');
    const panels = panelsResult(['x', 'y'], { periods: 1 });
    const inPanels = { ...panels, rows: panels.rows.map((row) => ({ ...row, low: 0, high: 1 })) };
    expect(tableData(inPanels, 'zh', words).lines[1]?.behind?.slice(0, 3)).toEqual(['', '', ' (0.0–100.0)']);
  });

  it('shows rows of other exhibits as they are, in the units of their columns', () => {
    const result = barsResult([{ name: 'A', tokens: 5e9, open: true, released: '2025-01-20' }], {
      columns: ['name', 'tokens', 'open', 'released'],
      columnInfo: [
        { name: 'name', label: 'Name', unit: 'text' },
        { name: 'tokens', label: 'Tokens', unit: 'tokens' },
        { name: 'open', label: 'Open', unit: 'boolean' },
        { name: 'released', label: 'Released', unit: 'date' },
      ],
    });
    const { columns, lines } = tableData(result, 'en', words);
    const shown = columns.map((column, i) => column.show(lines[0]?.cells[i] ?? null));
    expect(shown).toEqual(['A', '5B', 'yes', '20 Jan 2025']);
  });

  it('names the panel of every line', () => {
    const table = tableData(panelsResult(['x', 'y'], { periods: 2 }), 'en', words);
    expect(table.columns[0]?.label).toBe('Panel');
    expect(table.lines.map((line) => line.cells[0])).toEqual(['Panel x', 'Panel x', 'Panel y', 'Panel y']);
  });

  it('has a line a cohort and a column an age', () => {
    const table = tableData(cohortsResult([10, 4]), 'en', words);
    expect(table.columns.map((each) => each.label)).toEqual(['Model', 'Cohort', 'Accounts', '+0', '+1']);
    expect(table.lines.map((line) => line.cells)).toEqual([
      ['a/b', '2025-01-01', 10, 1, 0.5],
      ['a/b', '2025-02-01', 4, 1, null],
    ]);
  });

  it('calls groups and tags by their names', () => {
    const { columns, lines } = tableData(compositionResult({ a: [1] }), 'en', words);
    expect(columns.map((column, i) => column.show(lines[0]?.cells[i] ?? null)).slice(0, 2)).toEqual([
      'Series a',
      'Series a-tag-0',
    ]);
  });

  it('sorts numbers by size and names by alphabet', () => {
    expect([10, 9, 100].sort((a, b) => compareCells(a, b, 'en'))).toEqual([9, 10, 100]);
    expect(['b', 'A', 'c'].sort((a, b) => compareCells(a, b, 'en'))).toEqual(['A', 'b', 'c']);
  });
});
