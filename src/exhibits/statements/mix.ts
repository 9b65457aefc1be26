/** Sentences about parts over time: what is largest and what it was, and two lines against each other. */
import { message, type Values } from '../../messages/messages.ts';
import { median } from '../../readings/statistics.ts';
import { amount, listed, times } from '../amounts.ts';
import type { Row } from '../contract.ts';
import {
  type Course,
  courseOf,
  joined,
  labelOf,
  NAMED_LEVEL,
  type Story,
  some,
  subjectOf,
  tops,
} from './story.ts';

/** "X is the largest with A (B in the first week), before Y with C." Panels one after the other, in one sentence. */
export function mix(story: Story): string {
  const { lang, panels } = story;
  if (panels.length === 0) {
    const own = standingOf(story, story.rows);
    return own ? joined([mixOf(own), own.course.thinStart], lang) : '';
  }
  const standings = panels.flatMap((panel) => {
    const rows = story.rows.filter((r) => r.panel === panel.key);
    const own = standingOf(story, rows);
    return own ? [{ ...own, panel: panel.label }] : [];
  });
  const [one] = standings;
  if (!one) return '';
  const alike = standings.every(({ course, among }) => {
    const isSame = course.last === one.course.last && course.onlyPartial === one.course.onlyPartial;
    return (among === 'named' || among === 'level') && course.periods.length > 1 && isSame;
  });
  if (!alike || standings.length === 1) {
    const isPartial = standings.length > 1 && standings.every(({ course }) => course.onlyPartial);
    const sentences = standings.map((own) => inPanel(own, mixOf(own, isPartial ? 'tell' : 'say'), lang));
    return joined([isPartial ? message(lang, 'statements.only-partial') : '', ...sentences], lang);
  }
  const since = standings.every(({ course }) => course.first === one.course.first);
  const parts = standings.map((own) => {
    const id = own.among === 'level' ? 'mix-part-level' : 'mix-part';
    return inPanel(own, own.course.tell(since ? id : `${id}-since`, own.values), lang);
  });
  const sentence = one.course.say(since ? 'mix-panels' : 'mix-panels-since', {
    parts: parts.join(lang === 'zh' ? '；' : '; '),
  });
  const thin = standings.some(({ course }) => course.thinStart !== '');
  return joined([sentence, thin ? message(lang, 'statements.thin-panels') : ''], lang);
}

const inPanel = ({ panel }: { panel: string }, text: string, lang: Story['lang']): string =>
  message(lang, 'statements.in-panel', { panel, text });

interface Standing {
  course: Course;
  values: Values;
  /** What else is there: something that is as large, something with a name, only a rest without one, or nothing. */
  among: 'level' | 'named' | 'rest' | 'alone';
}

/** What leads at the end of a course, what that was at first, and what follows. */
function standingOf(story: Story, rows: readonly Row[]): Standing | null {
  const course = courseOf(story, rows);
  const named = course ? ranked(course, course.last) : [];
  const [top, next] = named;
  if (!course || !top) return null;
  const rest = course.rows.filter((r) => {
    return r.period === course.last && r !== top && isRest(r) && Number(r.value) > 0;
  });
  const share = (value: unknown) => amount(value, 'share', story.lang);
  const from = ({ series }: Row) => share(course.value(course.first, String(series)) ?? 0);
  const level = isRest(top) ? [top] : tops(named, share);
  if (level.length > 1)
    return {
      course,
      values: {
        names: some(
          level.map((row) => subjectOf(story, String(row.series))),
          story.lang,
        ),
        value: share(top.value),
        from:
          course.periods.length === 1 || level.length > NAMED_LEVEL
            ? 'none'
            : listed(level.map(from), story.lang),
      },
      among: 'level',
    };
  const values = {
    // Hyphens have a meaning of their own where a message selects.
    key: String(top.series).replaceAll('-', '_'),
    series: subjectOf(story, String(top.series)),
    value: share(top.value),
    from: from(top),
    next: next ? subjectOf(story, String(next.series)) : '',
    next_value: share(next?.value ?? 0),
    rest: rest.length === 1 ? String(rest[0]?.series) : 'both',
  };
  return {
    course,
    values,
    among: next && Number(next.value) > 0 ? 'named' : rest.length > 0 ? 'rest' : 'alone',
  };
}

/** @param how `tell` where it is already said that no period is whole */
function mixOf({ course, values, among }: Standing, how: 'say' | 'tell' = 'say'): string {
  if (among === 'level') return course[how]('mix-level', values);
  const id = among === 'named' ? 'mix' : `mix-${among}`;
  return course[how](course.periods.length === 1 ? `${id}-one` : id, values);
}

/** Not a part of its own: what is too small to be named, and what nobody knows. */
const isRest = ({ series }: Row): boolean => series === 'other' || series === 'unknown';

/** What is named in a period, largest first: neither the rest nor the unknown, unless there is nothing else. */
function ranked(course: Course, period: string): Row[] {
  const there = course.rows.filter((r) => r.period === period);
  const named = there.filter((r) => !isRest(r) && Number(r.value) > 0);
  return (named.length > 0 ? named : there).sort((a, b) => Number(b.value) - Number(a.value));
}

/** "X is the longest with A, z times the median of the others." */
export function longest(story: Story): string {
  const course = courseOf(story);
  if (!course) return '';
  const { exhibit, lang } = story;
  const named = ranked(course, course.last);
  const level = tops(named, (value) => amount(value, exhibit.unit, lang));
  const [top] = level;
  if (!top) return '';
  const others = named.filter((row) => !level.includes(row));
  const values = {
    series: some(
      level.map((row) => labelOf(story.series, row.series)),
      lang,
    ),
    count: level.length,
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
