/** Sentences about a course in time: from first to last, who leads, how much in all. */
import { message, type Values } from '../../messages/messages.ts';
import { amount, SAME_SHARE } from '../amounts.ts';
import {
  type Course,
  courseOf,
  joined,
  labelOf,
  largest,
  type Story,
  some,
  subjectOf,
  tops,
} from './story.ts';

/** "X went from A to B; the highest value was C." Of further series the same, shorter, as the times have been said. */
export function firstLast(story: Story): string {
  const course = courseOf(story);
  if (!course) return '';
  const { exhibit, lang } = story;
  const keys = [exhibit.focus ?? String(course.rows[0]?.series)].flat();
  const there = keys.filter((key) => course.rows.some((r) => r.series === key));
  if (there.length === 0) {
    const names = keys.map((key) => subjectOf(story, key));
    // What nobody knows may be just these.
    const unsure = course.rows.some((r) => r.series === 'unknown' && Number(r.value) > 0);
    const id = unsure ? 'absent-unsure' : 'absent';
    return message(lang, `statements.${id}`, { series: names.join(lang === 'zh' ? '、' : ', ') });
  }
  const sentences = there.map((key, i) => {
    const { id, values } = movementOf(story, course, key);
    return i === 0 ? course.say(id, values) : message(lang, `statements.too-${id}`, values);
  });
  return joined([...sentences, course.thinStart], lang);
}

/** How one series went, and the sentence that fits it. */
function movementOf(story: Story, course: Course, key: string): { id: string; values: Values } {
  const text = (value: unknown) => amount(value, story.exhibit.unit, story.lang);
  const peak = largest(course.rows.filter((r) => r.series === key));
  const values = {
    series: subjectOf(story, key),
    from: text(course.value(course.first, key)),
    to: text(course.value(course.last, key)),
    peak: text(peak?.value),
    when: course.when(String(peak?.period)),
  };
  const level = values.from === values.to && values.to === values.peak;
  const id =
    course.periods.length === 1
      ? 'one'
      : level
        ? 'first-level'
        : String(peak?.period) === course.last
          ? 'first-highest'
          : 'first-last';
  return { id, values };
}

/** "X leads with A; n models hold half." */
export function leader(story: Story): string {
  const course = courseOf(story);
  if (!course) return '';
  const leaders = course.rows.filter((r) => r.period === course.last && r.series !== 'other');
  leaders.sort((a, b) => Number(b.value) - Number(a.value));
  const share = (value: unknown) => amount(value, 'share', story.lang);
  const level = tops(leaders, share);
  const [top] = level;
  if (!top) return '';
  if (!(Number(top.value) > 0)) return course.say('leader-none', {});
  let held = 0;
  const half = leaders.findIndex((r) => {
    held += Number(r.value);
    return held >= 0.5 - SAME_SHARE;
  });
  return course.say(half < 0 ? 'leader-many' : 'leader', {
    series: some(
      level.map((row) => labelOf(story.series, row.series)),
      story.lang,
    ),
    level: level.length,
    value: share(top.value),
    half: half + 1,
    shown: leaders.length,
  });
}

/** "From A to B; the most was C." */
export function total(story: Story): string {
  // However little a period carried: that is what is told.
  const course = courseOf(story, story.rows, { thin: true });
  if (!course) return '';
  const { exhibit, lang } = story;
  const sum = (period: string) =>
    course.rows.filter((r) => r.period === period).reduce((s, r) => s + Number(r.value), 0);
  const most = course.periods.reduce((a, b) => (sum(b) > sum(a) ? b : a), course.first);
  const text = (period: string) => amount(sum(period), exhibit.unit, lang);
  const values = {
    from: text(course.first),
    to: text(course.last),
    peak: text(most),
    when: course.when(most),
  };
  if (course.periods.length === 1) return course.say('total-one', values);
  // What parts of periods carried is no course: their lengths differ.
  if (course.onlyPartial) return course.say('total-partial', values);
  if (values.from === values.to && values.to === values.peak) return course.say('total-level', values);
  return course.say(most === course.last ? 'total-highest' : 'total', values);
}
