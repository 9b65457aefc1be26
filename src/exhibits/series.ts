/** What the keys in an exhibit's rows are called, in which order they stand, and in which colour. */
import type { Catalog } from '../catalog/contract.ts';
import { type Lang, messageOrNull } from '../messages/messages.ts';
import { colorOf, setApart } from './colors.ts';
import type { Row, SeriesInfo } from './contract.ts';
import type { Exhibit } from './define.ts';

type Kind = Exhibit['seriesKind'];

/** A key in the reader's language: a word of the message file, the catalog's name of a model or author, or a tag. */
export function keyLabel(kind: Kind, key: string, catalog: Catalog, lang: Lang): string {
  const word = messageOrNull(lang, `series.${key}`);
  if (kind === 'tag') return tagLabel(key, lang);
  if (kind === 'author' && key !== 'other' && key !== 'unknown') return catalog.author(key).name;
  if (word !== null) return word;
  return kind === 'model' && key.includes('/') ? catalog.resolve(key).name : key;
}

/** Tags come from the roll-up table, which a workspace may replace: one without a translation says its own name. */
function tagLabel(tag: string, lang: Lang): string {
  if (tag === 'other' || tag === 'unknown') return messageOrNull(lang, `series.${tag}`) ?? tag;
  const known = tag.includes('.') ? null : messageOrNull(lang, `tags.${tag}`);
  return known ?? tag.charAt(0).toUpperCase() + tag.slice(1);
}

/** Series in the order in which they are stacked: largest first, the rest and the unknown last. */
export function seriesOf(exhibit: Exhibit, rows: readonly Row[], catalog: Catalog, lang: Lang): SeriesInfo[] {
  const column = seriesColumn(exhibit);
  if (column === null) return [];
  const weight = new Map<string, number>();
  for (const row of rows) {
    const key = String(row[column]);
    weight.set(key, (weight.get(key) ?? 0) + Number(row.value ?? row.tokens ?? 0));
  }
  const order = (key: string) => FIXED_ORDER.indexOf(key);
  const keys = [...weight.keys()].sort((a, b) => {
    if (place(a) !== place(b)) return place(a) - place(b);
    if (order(a) >= 0 && order(b) >= 0) return order(a) - order(b);
    return (weight.get(b) ?? 0) - (weight.get(a) ?? 0) || a.localeCompare(b);
  });
  const infos = keys.map((key, rank) => info(exhibit.seriesKind, key, rank, catalog, lang));
  // Bars have their names beside them; only colours in a legend must differ.
  return exhibit.seriesKind === 'author' && exhibit.kind !== 'table' ? setApart(infos) : infos;
}

/** The groups of a composition or scatter, in the order of their first row; the rest and the unknown last. */
export function groupsOf(exhibit: Exhibit, rows: readonly Row[], catalog: Catalog, lang: Lang): SeriesInfo[] {
  if (exhibit.kind !== 'composition' && exhibit.kind !== 'scatter') return [];
  const keys = [...new Set(rows.map((row) => String(row.group)))];
  keys.sort((a, b) => place(a) - place(b));
  const kind = exhibit.panelKind ?? 'message';
  const infos = keys.map((key, rank) => info(kind, key, rank, catalog, lang));
  return kind === 'author' ? setApart(infos) : infos;
}

function info(kind: Kind, key: string, rank: number, catalog: Catalog, lang: Lang): SeriesInfo {
  return {
    key,
    label: keyLabel(kind, key, catalog, lang),
    color: colorOf(key, rank, kind, catalog),
    ...(key === 'unknown' ? { unknown: true } : {}),
  };
}

function seriesColumn(exhibit: Exhibit): string | null {
  if (exhibit.kind === 'series' || exhibit.kind === 'composition') return 'series';
  return exhibit.kind === 'table' && exhibit.seriesKind === 'author' ? 'author' : null;
}

const place = (key: string): number => (key === 'unknown' ? 2 : key === 'other' ? 1 : 0);

/** Groups whose order carries meaning keep it whatever their size. */
const FIXED_ORDER = [
  'closed',
  'open-row',
  'open-chinese',
  'large',
  'medium',
  'small',
  'reasoning',
  'non-reasoning',
  'tool-calls',
  'completion',
  'reasoning-part',
];
