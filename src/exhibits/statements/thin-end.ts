/** Whether the numbers that a sentence ends with are too uncertain to be read alone: it is quoted without the notes. */
import { message } from '../../messages/messages.ts';
import { amount, listed } from '../amounts.ts';
import type { Row } from '../contract.ts';
import { isThin } from '../thin.ts';
import { courseOf, joined, labelOf, largest, type Story } from './story.ts';

/** "The last value is too thin to be read alone: …", of panels which; empty where it can be read, or nothing is known of it. */
export function thinEnd(story: Story): string {
  const { exhibit, lang, panels, rows } = story;
  if (exhibit.sampleSql === null || exhibit.kind !== 'series') return '';
  const unit = exhibit.unit;
  if (panels.length > 1) {
    const thin = panels.filter(({ key }) => {
      const end = endOf(
        story,
        rows.filter((row) => row.panel === key),
      );
      return end !== undefined && isThin(end, unit);
    });
    const names = listed(
      thin.map(({ label }) => label),
      lang,
    );
    return thin.length === 0 ? '' : message(lang, 'statements.thin-end-panels', { names });
  }
  const end = endOf(story, rows);
  if (end === undefined || !isThin(end, unit)) return '';
  if (end.low === null) return message(lang, 'statements.thin-end-account');
  const words = { low: amount(end.low, unit, lang), high: amount(end.high, unit, lang) };
  return message(lang, 'statements.thin-end', { name: labelOf(story.series, end.series), ...words });
}

/** The row that the sentence tells of last: of the series that it follows, or of the largest that has a name. */
function endOf(story: Story, rows: readonly Row[]): Row | undefined {
  const course = courseOf(story, rows);
  const there = (course?.rows ?? []).filter(
    (row) => row.period === course?.last && row.low !== undefined && row.series !== 'unknown',
  );
  const { exhibit } = story;
  const followed = exhibit.statement === 'ratio' ? 'programming' : exhibit.focus;
  if (followed !== undefined) return there.find((row) => [followed].flat().includes(String(row.series)));
  return largest(there.filter((row) => row.series !== 'other')) ?? largest(there);
}

/** The sentence with what is to be said of its end. */
export const withThinEnd = (sentence: string, story: Story): string =>
  sentence === '' ? '' : joined([sentence, thinEnd(story)], story.lang);
