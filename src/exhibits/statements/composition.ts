/** What the largest categories are mostly made of, and which of them has no tag that stands out. */
import { message } from '../../messages/messages.ts';
import { amount } from '../amounts.ts';
import type { Row } from '../contract.ts';
import { joined, labelOf, largest, type Story } from './story.ts';

/** How many categories the sentence names. */
const NAMED = 4;

export function compositionStatement(story: Story): string {
  const { lang, rows, groups } = story;
  const tops = groups.flatMap(({ key, label }) => {
    const top = largest(rows.filter((row) => row.group === key && row.series !== 'other'));
    return top ? [{ label, top }] : [];
  });
  if (tops.length === 0) return message(lang, 'statements.composition-none');
  const part = ({ label, top }: { label: string; top: Row }) =>
    message(lang, 'statements.composition-part', {
      group: label,
      tag: labelOf(story.series, top.series),
      share: amount(top.value, 'share', lang),
    });
  const parts = tops
    .slice(0, NAMED)
    .map(part)
    .join(lang === 'zh' ? '；' : '; ');
  const spread = tops.reduce((a, b) => (Number(b.top.value) < Number(a.top.value) ? b : a));
  const sentences = [message(lang, 'statements.composition', { parts })];
  if (tops.length > 1)
    sentences.push(
      message(lang, 'statements.composition-spread', {
        group: spread.label,
        share: amount(spread.top.value, 'share', lang),
      }),
    );
  return joined(sentences, lang);
}
