/** Sentences that a reader must know beside the numbers: partial periods, what is left out, what is known in part. */
import { type Lang, message, type Values } from '../messages/messages.ts';
import { spaced } from '../messages/spacing.ts';
import { amount, listed, periodName, SAME_SHARE } from './amounts.ts';
import type { Cell, ExhibitResult, Grain, Row } from './contract.ts';
import type { Exhibit } from './define.ts';
import type { Reader } from './reader.ts';
import { isThin } from './thin.ts';

export function notesOf(
  exhibit: Exhibit,
  reader: Reader,
  rows: readonly Row[],
  facts: Record<string, Cell>,
  grain: Grain,
  lang: Lang,
): string[] {
  const notes: string[] = [];
  const partial = [...new Set(rows.filter((r) => r.partial === true).map((r) => String(r.period)))].sort();
  if (partial.length > 0)
    notes.push(
      message(lang, 'notes.partial', {
        periods: listed(
          partial.map((p) => periodName(p, grain, lang)),
          lang,
        ),
        count: partial.length,
      }),
    );
  const values = { ...factValues(facts, lang), rate: rateOf(reader, lang) };
  const said = (exhibit.notes ?? []).filter(({ when }) => Number(facts[when] ?? 0) > SAME_SHARE);
  // Facts are of the whole exhibit, also where one part of it is shown.
  if (exhibit.only !== undefined && said.length > 0)
    notes.push(message(lang, 'notes.whole-exhibit', { exhibit: exhibit.id }));
  for (const { id } of said) notes.push(message(lang, `notes.${id}`, values));
  for (const field of exhibit.needs) {
    const known = reader.info.fields[field];
    if (known < 1 && !exhibit.notes?.some((note) => note.field === field))
      notes.push(message(lang, 'notes.known-in-part', { field, share: amount(known, 'share', lang) }));
  }
  notes.push(...thinParts(exhibit, rows, lang), ...unknownParts(exhibit, reader, rows, lang));
  for (const note of reader.notes) notes.push(message(lang, `notes.${note}`));
  return notes.map((note) => spaced(note, lang));
}

/** How many values of the sample are too uncertain to be read one by one. */
function thinParts(exhibit: Exhibit, rows: readonly Row[], lang: Lang): string[] {
  if (exhibit.sampleSql === null) return [];
  const isShare = exhibit.unit === 'share';
  const values = rows.filter((row) => typeof row.value === 'number');
  const known = values.filter((row) => typeof row.low === 'number' && typeof row.high === 'number');
  const thin = known.filter((row) => isThin(row, exhibit.unit)).length;
  const [alone, of] = [values.length - known.length, values.length];
  return [
    ...(thin > 0 ? [message(lang, `notes.${isShare ? 'thin-shares' : 'thin-means'}`, { thin, of })] : []),
    ...(alone > 0 ? [message(lang, 'notes.one-account', { alone })] : []),
  ];
}

/** What of the whole dataset the numbers do not hold, or hold in part, as nobody knows it. */
function unknownParts(
  exhibit: Exhibit,
  { info, sample }: Reader,
  rows: readonly Row[],
  lang: Lang,
): string[] {
  const { needs } = exhibit;
  const part = (id: string, share: number) =>
    share > 0 ? [message(lang, `notes.${id}`, { share: amount(share, 'share', lang) })] : [];
  const labelled = needs.includes('labels');
  const counted = info.fields.requests;
  const countsRequests = rows[0]?.requests !== undefined && !labelled && !needs.includes('requests');
  return [
    ...(labelled ? part('unrated', sample?.unrated ?? 0) : []),
    ...(countsOfTokens(exhibit)
      ? part(needs.includes('cost') ? 'half-counted-price' : 'half-counted', info.halfCounted)
      : []),
    ...(countsRequests && counted < 1 ? part('requests-in-part', counted) : []),
    ...(needs.length === 0 || exhibit.ofModels ? part('unknown-models', info.unknownModelShare ?? 0) : []),
  ];
}

/** Whether its numbers are tokens or shares of them: not means of known lengths, not money, accounts or models. */
function countsOfTokens({ needs, unit, kind }: Exhibit): boolean {
  const money = needs.includes('cost') && kind === 'series';
  return (unit === 'tokens' || unit === 'share') && kind !== 'cohorts' && !money;
}

/** Notes that tell why nothing may be left to show. */
const REASONS = new Set(['unpriced', 'free-models', 'free-categories', 'other-category', 'unknown-language']);

/**
 * Why there are no rows.
 * @param facts of the exhibit, all the same
 */
export function emptyNotes(
  exhibit: Exhibit,
  reader: Reader,
  lacking: number,
  range: ExhibitResult['provenance']['filters'],
  facts: Record<string, Cell>,
  lang: Lang,
): string[] {
  if (lacking > 0) return [];
  const chosen = range.from !== null || range.to !== null || Object.keys(range.where).length > 0;
  const none = exhibit.kind === 'cohorts' ? 'no-cohorts' : chosen ? 'nothing-selected' : 'nothing-of-this';
  const id = reader.info.from === null ? 'empty-dataset' : none;
  const reasons = (exhibit.notes ?? []).filter(
    (note) => REASONS.has(note.id) && Number(facts[note.when] ?? 0) > SAME_SHARE,
  );
  const notes = [
    message(lang, `notes.${id}`),
    ...reasons.map((note) => message(lang, `notes.${note.id}`, factValues(facts, lang))),
    ...unknownParts(exhibit, reader, [], lang),
  ];
  return notes.map((note) => spaced(note, lang));
}

/** The share of generations that carry labels, to two digits. */
function rateOf({ sample }: Reader, lang: Lang): string {
  const rate = sample?.rate ?? 0;
  if (rate > 0.99) return amount(rate, 'share', lang);
  return new Intl.NumberFormat(lang, { style: 'percent', maximumSignificantDigits: 2 }).format(rate);
}

/** Shares as percentages; counts as they are, for plurals; and how many are not among those shown. */
function factValues(facts: Record<string, Cell>, lang: Lang): Values {
  const hidden = Number(facts.of ?? 0) - Number(facts.shown ?? 0);
  const values = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      name.endsWith('_share') ? amount(value, 'share', lang) : typeof value === 'boolean' ? null : value,
    ]),
  );
  return { ...values, hidden };
}
