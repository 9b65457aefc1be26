/** The reading of category shares in the reader's language. */
import { type Lang, message, messageOrNull } from '../messages/messages.ts';
import { percent } from '../messages/percent.ts';
import type { CategoryShares } from './category-shares.ts';

export interface CategorySharesWords {
  title: string;
  /** What the largest category comes to. */
  statement: string;
  /** How it was computed, or why it is not adjusted. */
  method: string;
  /** `12,345 labelled generations`. */
  sample: string;
  /** Heads of a table of it. */
  columns: Record<'category' | 'measured' | 'adjusted' | 'interval', string>;
  of: Record<'tokens' | 'generations', string>;
  /** Category → its name. */
  names: Record<string, string>;
}

export function categorySharesWords(reading: CategoryShares, lang: Lang): CategorySharesWords {
  const say = (id: string, values: Record<string, string | number> = {}) =>
    message(lang, `readings.category-shares.${id}`, values);
  const [first] = reading.tokens.filter((s) => s.category !== 'other');
  const share = (value: number | null) => (value === null ? '' : percent(value, lang));
  const { unadjusted } = reading;
  return {
    title: say(unadjusted ? 'title.measured' : 'title.adjusted'),
    statement: first
      ? say(first.adjusted === null ? 'measured' : 'adjusted', {
          category: categoryName(first.category, lang),
          measured: share(first.measured),
          adjusted: share(first.adjusted),
          low: share(first.low),
          high: share(first.high),
        })
      : '',
    method: unadjusted
      ? say(`unadjusted.${unadjusted}`, { classifier: reading.classifier ?? '' })
      : say('method', { from: reading.errorsFrom ?? '' }),
    sample: say('labelled', { n: reading.labelled }),
    columns: {
      category: say('columns.category'),
      measured: say('columns.measured'),
      adjusted: say('columns.adjusted'),
      interval: say('columns.interval'),
    },
    of: { tokens: say('of.tokens'), generations: say('of.generations') },
    names: Object.fromEntries(
      [...reading.tokens, ...reading.generations].map((s) => [s.category, categoryName(s.category, lang)]),
    ),
  };
}

const categoryName = (category: string, lang: Lang): string =>
  messageOrNull(lang, `series.${category}`) ?? category;
