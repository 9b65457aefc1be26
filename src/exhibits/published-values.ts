/** The printed numbers as a reader sees them beside a result: what about, what the study printed, what is here. */
import type { Catalog } from '../catalog/contract.ts';
import { type Lang, message, messageOrNull } from '../messages/messages.ts';
import { amount, figure, times } from './amounts.ts';
import type { ExhibitResult, PublishedValue, Row } from './contract.ts';
import type { Exhibit, Published } from './define.ts';
import { type Comparison, comparedOn, compareWithPublished } from './published.ts';
import { catalogNames, publishedLabel } from './published-label.ts';

/** @param result of the exhibit, whose own list of printed numbers is not read */
export function publishedValues(
  exhibit: Exhibit,
  result: ExhibitResult,
  catalog: Catalog,
  lang: Lang,
): PublishedValue[] {
  const names = catalogNames(exhibit, catalog, lang);
  const shown = exhibit.published.filter(
    (p) => exhibit.only === undefined || p.panel === undefined || isShown(exhibit, p.panel, result.rows),
  );
  const compared = isComparable(exhibit, result) ? compareWithPublished(exhibit, result, shown, lang) : [];
  return shown.map((p, i) => {
    const comparison = compared[i];
    return {
      label: publishedLabel(p, names, lang),
      text: printedText(p, exhibit, lang),
      ...(comparison ? { measured: measuredText(comparison, p, names.series, lang) } : {}),
    };
  });
}

/** Printed courses are weekly; and T3 shows too few models to look for the printed ones among them. */
function isComparable(exhibit: Exhibit, result: ExhibitResult): boolean {
  const weekly = result.provenance.filters.grain === 'week';
  return (
    comparedOn(exhibit) === exhibit.id && result.rows.length > 0 && (weekly || exhibit.kind !== 'series')
  );
}

/** Whether the rows hold the panel, group or segment that a printed number is about. */
const isShown = (exhibit: Exhibit, panel: string, rows: readonly Row[]): boolean =>
  exhibit.kind === 'table' || rows.some((row) => [row.panel, row.group, row.model].includes(panel));

/** As the study printed it; totals also as their part of the totals printed with them, which is what is compared. */
function printedText(p: Published, exhibit: Exhibit, lang: Lang): string {
  if (p.verdict !== undefined) return verdictText(p.verdict, lang);
  if (p.stat !== 'proportion') return p.text;
  const listed = exhibit.published.filter((q) => q.stat === 'proportion');
  const whole = listed.reduce((sum, q) => sum + (q.value ?? 0), 0);
  const share = amount((p.value ?? 0) / whole, 'share', lang);
  return message(lang, 'published.with-share', { text: p.text, share });
}

/** null where the result does not have it. */
function measuredText(
  c: Comparison,
  p: Published,
  nameOf: (key: string) => string,
  lang: Lang,
): string | null {
  if (c.found !== null)
    return p.stat === 'order' ? c.found.split(', ').map(nameOf).join(', ') : verdictText(c.found, lang);
  if (c.measured === null) return null;
  switch (c.unit) {
    case 'ratio':
      return `${times(c.measured, lang)} ×`;
    case 'log10':
    case 'words':
      return figure(c.measured, lang);
    default:
      return amount(c.measured, c.unit, lang);
  }
}

/** Verdicts, one or several, in the words of the language; months that follow them stay. */
function verdictText(text: string, lang: Lang): string {
  const [, words = text, months = ''] = /^(.*?)((?: \d{4}-\d{2})*)$/.exec(text) ?? [];
  const said = words
    .split(', ')
    .map((word) => messageOrNull(lang, `verdicts.${word.replaceAll(' ', '-')}`) ?? word);
  return said.join(lang === 'zh' ? '、' : ', ') + (months && ` (${months.trim().replaceAll(' ', ', ')})`);
}
