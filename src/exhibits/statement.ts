/** Sentences with the numbers in them, computed from an exhibit's rows. Partial periods are never read. */
import { type Lang, message, type Values } from '../messages/messages.ts';
import type { Grain, Row, SeriesInfo, Unit } from './contract.ts';
import type { Exhibit } from './define.ts';

/** Empty when there is nothing to say. */
export function statementOf(
  exhibit: Exhibit,
  rows: readonly Row[],
  series: readonly SeriesInfo[],
  lang: Lang,
  grain: Grain,
): string {
  if (rows.length === 0) return '';
  const label = (key: unknown) => series.find((s) => s.key === key)?.label ?? String(key);
  if (exhibit.statement === 'table') return tableStatement(rows, lang);
  if (exhibit.statement === 'none') return '';
  const whole = rows.filter((r) => r.partial !== true && r.value !== null);
  const used = whole.length > 0 ? whole : rows.filter((r) => r.value !== null);
  const periods = [...new Set(used.map((r) => String(r.period)))].sort();
  const [first, last] = [periods[0] ?? '', periods.at(-1) ?? ''];
  const at = (period: string, key: string) =>
    used.find((r) => r.period === period && r.series === key)?.value ?? null;
  const only = whole.length === 0 ? `${message(lang, 'statements.only-partial')} ` : '';
  const when = (period: string) => periodName(period, grain, lang);
  const say = (id: string, values: Values) =>
    only + message(lang, `statements.${id}`, { first: when(first), last: when(last), ...values });
  switch (exhibit.statement) {
    case 'first-last': {
      const key = exhibit.focus ?? String(used[0]?.series);
      const values = used.filter((r) => r.series === key).map((r) => Number(r.value));
      if (values.length === 0) return say('absent', { series: label(key) });
      const [from, to] = [at(first, key), at(last, key)];
      const peak = used
        .filter((r) => r.series === key)
        .reduce((a, b) => (Number(b.value) > Number(a.value) ? b : a));
      const range = {
        series: label(key),
        peak: amount(peak.value, exhibit.unit, lang),
        when: when(String(peak.period)),
      };
      const numbers = { from: amount(from, exhibit.unit, lang), to: amount(to, exhibit.unit, lang) };
      return say(periods.length === 1 ? 'one' : 'first-last', { ...range, ...numbers });
    }
    case 'leader': {
      const leaders = used.filter((r) => r.period === last && r.series !== 'other');
      leaders.sort((a, b) => Number(b.value) - Number(a.value));
      const top = leaders[0];
      if (!top) return '';
      let held = 0;
      const half = leaders.findIndex((r) => {
        held += Number(r.value);
        return held >= 0.5;
      });
      const values = { series: label(top.series), value: amount(top.value, 'share', lang), half: half + 1 };
      return say(half < 0 ? 'leader-many' : 'leader', { ...values, shown: leaders.length });
    }
    case 'total': {
      const sum = (period: string) =>
        used.filter((r) => r.period === period).reduce((s, r) => s + Number(r.value), 0);
      const most = periods.reduce((a, b) => (sum(b) > sum(a) ? b : a), first);
      const text = (period: string) => amount(sum(period), exhibit.unit, lang);
      return say(periods.length === 1 ? 'total-one' : 'total', {
        from: text(first),
        to: text(last),
        peak: text(most),
        when: most,
      });
    }
  }
}

function tableStatement(rows: readonly Row[], lang: Lang): string {
  const [first, second] = rows;
  if (!first) return '';
  return message(lang, second ? 'statements.authors' : 'statements.author', {
    name: String(first.author_name),
    tokens: amount(first.tokens, 'tokens', lang),
    share: amount(first.share, 'share', lang),
    next: String(second?.author_name ?? ''),
    count: rows.length,
  });
}

/** A period as a reader says it: "the week of 25 May 2026", "May 2026", "25 May 2026". */
export function periodName(period: string, grain: Grain, lang: Lang): string {
  const parts: Intl.DateTimeFormatOptions =
    grain === 'month'
      ? { month: 'long', year: 'numeric' }
      : { day: 'numeric', month: 'long', year: 'numeric' };
  const date = new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    ...parts,
    timeZone: 'UTC',
  }).format(new Date(period));
  return message(lang, `periods.${grain}`, { date });
}

/** A number in words that a reader takes in at a glance. */
export function amount(value: unknown, unit: Unit, lang: Lang): string {
  if (value === null || value === undefined) return message(lang, 'units.unknown');
  const locale = lang === 'zh' ? 'zh-CN' : 'en-GB';
  const n = Number(value);
  if (unit === 'share')
    return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(n);
  if (unit === 'models') return message(lang, 'units.models', { n });
  const [factor, suffix] =
    n >= 1e12 ? [1e12, ' T'] : n >= 1e9 ? [1e9, ' B'] : n >= 1e6 ? [1e6, ' M'] : [1, ''];
  const text = new Intl.NumberFormat(locale, {
    maximumSignificantDigits: factor === 1 ? 6 : 4,
    maximumFractionDigits: 1,
  });
  return message(lang, 'units.tokens', { text: text.format(n / factor) + suffix });
}
