/** Sentences about parts over time: what is largest and what it was, and two lines against each other. */
import { message } from '../../messages/messages.ts';
import { median } from '../../readings/statistics.ts';
import { amount, times } from '../amounts.ts';
import type { Row } from '../contract.ts';
import { type Course, courseOf, joined, labelOf, type Story } from './story.ts';

/** "X is the largest with A (B in the first week), before Y with C." One such sentence a panel. */
export function mix(story: Story): string {
  if (story.panels.length === 0) return mixOf(story, story.rows);
  const { lang } = story;
  const sentences = story.panels.map((panel) => {
    const text = mixOf(
      story,
      story.rows.filter((r) => r.panel === panel.key),
    );
    return text && message(lang, 'statements.in-panel', { panel: panel.label, text });
  });
  return joined(sentences, lang);
}

function mixOf(story: Story, rows: readonly Row[]): string {
  const course = courseOf(story, rows);
  if (!course) return '';
  const [top, next] = ranked(course, course.last);
  if (!top) return '';
  const share = (value: unknown) => amount(value, 'share', story.lang);
  const values = {
    series: labelOf(story.series, top.series),
    value: share(top.value),
    from: share(course.value(course.first, String(top.series)) ?? 0),
    next: next ? labelOf(story.series, next.series) : '',
    next_value: share(next?.value ?? 0),
  };
  const alone = !next || Number(next.value) === 0;
  const once = course.periods.length === 1;
  return course.say(alone ? (once ? 'mix-alone-one' : 'mix-alone') : once ? 'mix-one' : 'mix', values);
}

/** What is named in a period, largest first: neither the rest nor the unknown, unless there is nothing else. */
function ranked(course: Course, period: string): Row[] {
  const there = course.rows.filter((r) => r.period === period);
  const named = there.filter((r) => r.series !== 'other' && r.series !== 'unknown' && Number(r.value) > 0);
  return (named.length > 0 ? named : there).sort((a, b) => Number(b.value) - Number(a.value));
}

/** "X is the longest with A, z times the median of the others." */
export function longest(story: Story): string {
  const course = courseOf(story);
  if (!course) return '';
  const [top, ...others] = ranked(course, course.last);
  if (!top) return '';
  const { exhibit, lang } = story;
  const values = {
    series: labelOf(story.series, top.series),
    value: amount(top.value, exhibit.unit, lang),
  };
  const usual = median(others.map((r) => Number(r.value)));
  if (usual === null || usual === 0) return course.say('longest-alone', values);
  return course.say('longest', {
    ...values,
    times: times(Number(top.value) / usual, lang),
    median: amount(usual, exhibit.unit, lang),
  });
}

/** "Programming is z times overall (A to B); typically t times." */
export function ratio(story: Story): string {
  const course = courseOf(story);
  if (!course) return '';
  const [part, whole] = ['programming', 'overall'];
  const ratios = course.periods.flatMap((period) => {
    const [a, b] = [course.value(period, part), course.value(period, whole)];
    return a === null || !b ? [] : [{ period, a, b, ratio: a / b }];
  });
  const end = ratios.at(-1);
  const { exhibit, lang } = story;
  if (!end) return course.say('absent', { series: message(lang, `series.${part}`) });
  return course.say(ratios.length === 1 ? 'ratio-one' : 'ratio', {
    when: course.when(end.period),
    times: times(end.ratio, lang),
    value: amount(end.a, exhibit.unit, lang),
    whole: amount(end.b, exhibit.unit, lang),
    typical: times(median(ratios.map((r) => r.ratio)) ?? end.ratio, lang),
    count: ratios.length,
  });
}
