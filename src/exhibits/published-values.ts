/** The printed numbers as a reader sees them beside a result: what about, what the study printed, what is here. */
import type { Catalog } from '../catalog/contract.ts';
import { type Lang, message, messageOrNull } from '../messages/messages.ts';
import { percent } from '../messages/percent.ts';
import { spaced } from '../messages/spacing.ts';
import { amount, figure, periodName, times } from './amounts.ts';
import type { ExhibitResult, PublishedValue, Row } from './contract.ts';
import type { Exhibit, Published } from './define.ts';
import { type Comparison, comparedOn, compareWithPublished } from './published.ts';
import { catalogNames, type Names, publishedLabel } from './published-label.ts';

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
  if (shown.some((p) => p.stat === 'use')) return byModel(shown, names, lang);
  const compared = isComparable(exhibit, result) ? compareWithPublished(exhibit, result, shown, lang) : [];
  return shown.map((p, i) => {
    const comparison = compared[i];
    const label =
      p.stat === 'order' ? message(lang, 'published.order-title') : publishedLabel(p, names, lang);
    return {
      label: spaced(label, lang),
      text: printedText(p, exhibit, names.series, lang),
      ...(comparison ? { measured: measuredText(comparison, p, names.series, lang) } : {}),
    };
  });
}

/** Price and use of a model in one line, under its segment. */
function byModel(shown: readonly Published[], names: Names, lang: Lang): PublishedValue[] {
  const models = Map.groupBy(shown, (p) => `${p.panel} ${p.series}`);
  return [...models.values()].map((printed) => {
    const of = (stat: Published['stat']) => printed.find((p) => p.stat === stat)?.text ?? '';
    const [{ panel, series } = { panel: '', series: '' }] = printed;
    const text = names.series(String(series));
    return {
      label: message(lang, 'published.in-panel', { panel: names.panel(String(panel)), text }),
      text: message(lang, 'published.price-and-use', { price: of('price'), use: of('use') }),
    };
  });
}

/** Filters after which shares, medians and slopes are of something else than the printed ones. */
const OF_SOMETHING_ELSE = ['author', 'model', 'open', 'origin', 'size', 'reasoning', 'variant', 'category'];

/** The same where shares are of places. */
const OF_SOME_PLACES = ['region', 'country'];

/**
 * Printed courses are weekly, and of all models and categories (cohorts are of one model each, whatever the others are);
 * and T3 shows too few models to look for the printed ones among them.
 */
function isComparable(exhibit: Exhibit, result: ExhibitResult): boolean {
  const { grain, where } = result.provenance.filters;
  const elsewhere = exhibit.needs.includes('country') ? OF_SOME_PLACES : [];
  return (
    comparedOn(exhibit) === exhibit.id &&
    result.rows.length > 0 &&
    (grain === 'week' || exhibit.kind !== 'series') &&
    (exhibit.kind === 'cohorts' ||
      ![...OF_SOMETHING_ELSE, ...elsewhere].some((key) => where[key] !== undefined))
  );
}

/** Whether the rows hold the panel, group or segment that a printed number is about. */
const isShown = (exhibit: Exhibit, panel: string, rows: readonly Row[]): boolean =>
  exhibit.kind === 'table' || rows.some((row) => [row.panel, row.group, row.model].includes(panel));

/** As the study printed it; totals also as their part of the totals printed with them, which is what is compared. */
function printedText(p: Published, exhibit: Exhibit, nameOf: (key: string) => string, lang: Lang): string {
  if (p.verdict !== undefined) return verdictText(p.verdict, lang);
  if (p.stat === 'order') return [p.series].flat().map(nameOf).join(', ');
  // Numbers as the rest of the page writes them.
  if (p.stat !== 'proportion') return p.text.replace(' %', '%').replace(/(\d) (\d{3})/, '$1,$2');
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
      return c.unit === 'share' ? percent(c.measured, lang) : amount(c.measured, c.unit, lang);
  }
}

/** Verdicts, one or several, in the words of the language; months that follow them stay. */
function verdictText(text: string, lang: Lang): string {
  const [, words = text, months = ''] = /^(.*?)((?: \d{4}-\d{2})*)$/.exec(text) ?? [];
  const said = words
    .split(', ')
    .map((word) => messageOrNull(lang, `verdicts.${word.replaceAll(' ', '-')}`) ?? word);
  const when = months.trim().split(' ').filter(Boolean);
  const named = when.map((month) => periodName(month, 'month', lang)).join(lang === 'zh' ? '、' : ', ');
  const brackets = lang === 'zh' ? `（${named}）` : ` (${named})`;
  return said.join(lang === 'zh' ? '、' : ', ') + (named && brackets);
}
