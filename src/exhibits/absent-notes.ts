/** Values of the filters that no record has: mostly a slip of the pen, which beside other values would go unnoticed. */
import { type Lang, message } from '../messages/messages.ts';
import { spaced } from '../messages/spacing.ts';
import { listed } from './amounts.ts';
import { filterName } from './filter-name.ts';

/** A value of a filter that occurs nowhere in the dataset. */
export interface AbsentValue {
  filter: string;
  value: string;
  /** Values that occur, the most used first. */
  known: readonly string[];
}

const MOST_NAMED = 5;
const LONGEST = 80;

export const absentNotes = (absent: readonly AbsentValue[], lang: Lang): string[] =>
  absent.map((each) => spaced(noteOf(each, lang), lang));

function noteOf({ filter, value: given, known }: AbsentValue, lang: Lang): string {
  const name = filterName(filter, lang);
  const value = given.length > LONGEST ? `${given.slice(0, LONGEST)}…` : given;
  const parts = given.split(',').map((part) => part.trim());
  if (parts.length > 1 && parts.every((part) => known.some((k) => isSame(k, part))))
    return message(lang, 'notes.absent-list', {
      filter: name,
      value,
      each: listed(
        parts.map((part) => `${filter}=${part}`),
        lang,
      ),
    });
  const named = [...known]
    .filter((k) => k !== 'unknown')
    .sort((a, b) => likeness(b, given) - likeness(a, given));
  return message(lang, named.length > 0 ? 'notes.absent' : 'notes.absent-all', {
    filter: name,
    value,
    known: listed(named.slice(0, MOST_NAMED), lang),
  });
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Whether one may be meant by the other: 2 when it holds it, 1 when both begin alike. */
function likeness(known: string, typed: string): number {
  const [a, b] = [known.toLowerCase(), typed.toLowerCase()];
  if (a.includes(b) || b.includes(a)) return 2;
  return a.slice(0, 3) === b.slice(0, 3) ? 1 : 0;
}
