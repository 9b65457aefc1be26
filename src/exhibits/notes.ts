/** Sentences that a reader must know beside the numbers: partial periods, what is left out, what is known in part. */
import { type Lang, message, type Values } from '../messages/messages.ts';
import { spaced } from '../messages/spacing.ts';
import { amount, listed, periodName } from './amounts.ts';
import type { Cell, ExhibitResult, Grain, Row } from './contract.ts';
import type { Exhibit } from './define.ts';
import type { Reader } from './reader.ts';

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
  const said = (exhibit.notes ?? []).filter(({ when }) => Number(facts[when] ?? 0) > 0);
  // Facts are of the whole exhibit, also where one part of it is shown.
  if (exhibit.only !== undefined && said.length > 0)
    notes.push(message(lang, 'notes.whole-exhibit', { exhibit: exhibit.id }));
  for (const { id } of said) notes.push(message(lang, `notes.${id}`, values));
  for (const field of exhibit.needs) {
    const known = reader.info.fields[field];
    if (known < 1 && !exhibit.notes?.some((note) => note.field === field))
      notes.push(message(lang, 'notes.known-in-part', { field, share: amount(known, 'share', lang) }));
  }
  const unknown = reader.info.unknownModelShare ?? 0;
  if (unknown > 0 && exhibit.needs.length === 0)
    notes.push(message(lang, 'notes.unknown-models', { share: amount(unknown, 'share', lang) }));
  for (const note of reader.notes) notes.push(message(lang, `notes.${note}`));
  return notes.map((note) => spaced(note, lang));
}

/** Why there are no rows. */
export function emptyNotes(
  exhibit: Exhibit,
  reader: Reader,
  lacking: number,
  range: ExhibitResult['provenance']['filters'],
  lang: Lang,
): string[] {
  if (lacking > 0) return [];
  const chosen = range.from !== null || range.to !== null || Object.keys(range.where).length > 0;
  if (reader.info.tokens === 0) return [message(lang, 'notes.empty-dataset')];
  if (chosen) return [message(lang, 'notes.nothing-selected')];
  return [message(lang, `notes.${exhibit.kind === 'cohorts' ? 'no-whole-month' : 'nothing-of-this'}`)];
}

/** The share of generations that carry labels, to two digits. */
function rateOf({ sample }: Reader, lang: Lang): string {
  const percent = new Intl.NumberFormat(lang, { style: 'percent', maximumSignificantDigits: 2 });
  return percent.format(sample?.rate ?? 0);
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
