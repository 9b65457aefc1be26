/** Which cohort stayed best, and what the cohorts of each model say about it. */
import { message } from '../../messages/messages.ts';
import { type CohortVerdict, type ModelVerdict, verdictOf } from '../../readings/cohort-verdicts.ts';
import { amount, listed, periodName } from '../amounts.ts';
import type { Row } from '../contract.ts';
import { joined, labelOf, largest, type Story } from './story.ts';

/** The age at which cohorts are compared, or the greatest below it that any has reached. */
const AGE = 5;
const ORDER: readonly CohortVerdict[] = [
  'foundational',
  'dominant launch',
  'boomerang',
  'late fit',
  'no fit',
];

export function cohortsStatement(story: Story): string {
  const { lang, panels, rows } = story;
  const verdicts = panels.map(({ key, label }) => ({
    label,
    verdict: verdictOf(rows.filter((row) => row.model === key)),
  }));
  const sentences = [
    best(
      story,
      verdicts.map((v) => v.verdict),
    ),
  ];
  for (const kind of ORDER) {
    const names = verdicts.filter((v) => v.verdict.verdicts.includes(kind)).map((v) => named(v, kind, story));
    if (names.length > 0)
      sentences.push(
        message(lang, `statements.verdict-${kind.replace(' ', '-')}`, { names: listed(names, lang) }),
      );
  }
  const thin = verdicts.filter((v) => v.verdict.verdicts.length === 0).map((v) => v.label);
  if (thin.length > 0)
    sentences.push(message(lang, 'statements.verdict-thin', { names: listed(thin, lang) }));
  return joined(sentences, lang);
}

/** "Of the accounts that began with X in May 2025, 40 % were active in month 5." */
function best(story: Story, verdicts: readonly ModelVerdict[]): string {
  const { lang, panels, rows } = story;
  const known = rows.filter((row) => row.value !== null);
  const readable = known.filter((row) =>
    verdicts.some((v, i) => panels[i]?.key === row.model && v.readable.includes(String(row.cohort))),
  );
  const ages = readable.map((row) => Number(row.age)).filter((age) => age > 0 && age <= AGE);
  if (ages.length === 0) return '';
  const age = Math.max(...ages);
  const there = readable.filter((row) => row.age === age);
  const top = largest(there) as Row;
  const tied = there.some((row) => row !== top && Number(row.value) === Number(top.value));
  const id = there.length === 1 ? 'only-cohort' : tied ? 'tied-cohort' : 'best-cohort';
  return message(lang, `statements.${id}`, {
    model: labelOf(panels, top.model),
    month: periodName(String(top.cohort), 'month', lang),
    share: amount(top.value, 'share', lang),
    age,
  });
}

/** A model with the cohorts that its verdict rests on. */
function named(
  { label, verdict }: { label: string; verdict: ModelVerdict },
  kind: CohortVerdict,
  { lang }: Story,
): string {
  const cohorts =
    kind === 'boomerang' ? verdict.returns.map((r) => r.cohort) : kind === 'no fit' ? [] : verdict.standouts;
  if (cohorts.length === 0) return label;
  const shown = cohorts.slice(0, 2).map((month) => periodName(month, 'month', lang));
  return message(lang, 'statements.with-cohorts', {
    model: label,
    months: listed(shown, lang),
    more: cohorts.length - shown.length,
  });
}
