/** What the largest categories are mostly made of, and which of them has no tag that stands out. */
import { message } from '../../messages/messages.ts';
import { amount, listed } from '../amounts.ts';
import type { Row } from '../contract.ts';
import { joined, labelOf, type Story, some, tops } from './story.ts';

/** How many categories the sentence names. */
const NAMED = 4;

export function compositionStatement(story: Story): string {
  const { lang, rows, groups } = story;
  const share = (value: unknown) => amount(value, 'share', lang);
  const heads = groups.flatMap(({ key, label }) => {
    const level = tops(
      rows.filter((row) => row.group === key && row.series !== 'other'),
      share,
    );
    return level[0] ? [{ label, level, top: level[0] }] : [];
  });
  if (heads.length === 0) return message(lang, 'statements.composition-none');
  const quoted = (row: Row) =>
    message(lang, 'statements.quoted', { text: labelOf(story.series, row.series) });
  const part = ({ label, level, top }: (typeof heads)[number]) =>
    message(lang, 'statements.composition-part', {
      group: label,
      tags: some(level.map(quoted), lang),
      count: level.length,
      share: share(top.value),
    });
  const parts = heads
    .slice(0, NAMED)
    .map(part)
    .join(lang === 'zh' ? '；' : '; ');
  const sentences = [message(lang, 'statements.composition', { parts }), spreadOf(story, heads)];
  return joined(sentences, lang);
}

/** A category is spread out when none of its tags has half of it. */
const SPREAD = 0.5;

/** Which category is the most spread out: those of which no tag is named, else the one whose largest tag is smallest. */
function spreadOf({ groups, lang }: Story, heads: readonly { label: string; top: Row }[]): string {
  const nameless = groups.map((g) => g.label).filter((label) => !heads.some((t) => t.label === label));
  if (nameless.length > 0)
    return message(lang, 'statements.composition-spread-none', {
      groups: listed(nameless, lang),
      n: nameless.length,
    });
  const [first, second] = heads.toSorted((a, b) => Number(a.top.value) - Number(b.top.value));
  if (!first || !second || first.top.value === second.top.value || Number(first.top.value) >= SPREAD)
    return '';
  return message(lang, 'statements.composition-spread', {
    group: first.label,
    share: amount(first.top.value, 'share', lang),
  });
}
