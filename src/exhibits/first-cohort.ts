/** The oldest cohort of a dataset is no real one where its model is older than the data: who came before is in it too. */
import type { Catalog } from '../catalog/contract.ts';
import { type Lang, message } from '../messages/messages.ts';
import { spaced } from '../messages/spacing.ts';
import { periodName } from './amounts.ts';
import type { DatasetInfo, Row } from './contract.ts';
import { some } from './statements/story.ts';

/** A note that names the models of which an oldest cohort is shown that began before the data; nothing where none is. */
export function firstCohortNotes(
  rows: readonly Row[],
  { from }: DatasetInfo,
  catalog: Catalog,
  lang: Lang,
): string[] {
  if (!from) return [];
  const oldest = firstWholeMonth(from);
  const models = new Set(rows.filter((row) => String(row.cohort) <= oldest).map((row) => String(row.model)));
  const older = [...models]
    .map((model) => catalog.resolve(model))
    .filter(({ released }) => (released ?? '') < from);
  if (older.length === 0) return [];
  const names = some(
    older.map(({ name }) => name),
    lang,
  );
  return [spaced(message(lang, 'notes.first-cohort', { day: periodName(from, 'day', lang), names }), lang)];
}

/** Accounts that are first seen in it, or before it in a month that the data cover in part, may have come before. */
function firstWholeMonth(from: string): string {
  const day = new Date(`${from.slice(0, 10)}T00:00:00Z`);
  const whole = day.getUTCDate() === 1 ? 0 : 1;
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + whole, 1)).toISOString().slice(0, 10);
}
