/** What an exhibit's sentence says of made-up rows. */
import type { Cell, Row, SeriesInfo } from './contract.ts';
import { exhibitNamed } from './registry.ts';
import { statementOf } from './statement.ts';
import type { Story } from './statements/story.ts';

const color = { light: '#000000', dark: '#ffffff' };
export const info = (key: string): SeriesInfo => ({ key, label: key.toUpperCase(), color });

export function say(id: string, rows: Row[], over: Partial<Story> = {}): string {
  const keys = (column: string) => [...new Set(rows.map((r) => r[column]).filter((k) => k !== undefined))];
  return statementOf({
    exhibit: exhibitNamed(id, '/nowhere'),
    rows,
    series: keys('series').map((key) => info(String(key))),
    groups: keys('group').map((key) => info(String(key))),
    panels: keys('panel').map((key) => info(String(key))),
    facts: {},
    lang: 'en',
    grain: 'month',
    ...over,
  });
}
/** The rows of one period. */
export const at = (period: string, values: Record<string, Cell>, partial = false, panel?: string): Row[] =>
  Object.entries(values).map(([series, value]) => ({
    ...(panel ? { panel } : {}),
    period,
    series,
    value,
    requests: 1,
    partial,
  }));
