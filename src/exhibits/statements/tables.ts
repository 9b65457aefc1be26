/** Sentences about tables: the first rows, and what they are of the whole. */
import { message } from '../../messages/messages.ts';
import { amount, listed } from '../amounts.ts';
import { type Story, some, tops } from './story.ts';

/** Authors of open models (T1). */
export function authors({ rows, lang }: Story): string {
  const [first, second] = rows;
  if (!first) return '';
  const tokens = (value: unknown) => amount(value, 'tokens', lang);
  const level = tops(rows, tokens, 'tokens');
  const id = level.length > 1 ? 'authors-level' : second ? 'authors' : 'author';
  return message(lang, `statements.${id}`, {
    name: some(
      level.map((row) => String(row.author_name)),
      lang,
    ),
    tokens: tokens(first.tokens),
    share: amount(first.share, 'share', lang),
    next: String(second?.author_name ?? ''),
    count: rows.length,
  });
}

/** Languages (T2). */
export function languages({ rows, lang }: Story): string {
  const [first, ...rest] = rows;
  if (!first) return '';
  const share = (value: unknown) => amount(value, 'share', lang);
  const name = String(first.name);
  if (rest.length === 0) return message(lang, 'statements.language', { name });
  const level = tops(rows, share, 'share');
  const names = level.map((row) => String(row.name));
  if (level.length > 1)
    return message(lang, 'statements.languages-level', {
      names: some(names, lang),
      share: share(first.share),
      count: rows.length,
    });
  const next = rest
    .slice(0, 2)
    .map((row) =>
      message(lang, 'statements.with-share', { name: String(row.name), share: share(row.share) }),
    );
  return message(lang, 'statements.languages', {
    name,
    share: share(first.share),
    next: listed(next, lang),
    count: rows.length,
  });
}

/** The most used model of each segment, or those that are used most alike (T3). */
export function segments({ rows, lang }: Story): string {
  // The median of one model is the model itself: it has no segment.
  const [only] = rows;
  if (only && rows.length === 1)
    return message(lang, 'statements.one-segment', {
      model: String(only.model_name),
      price: amount(only.usd_per_million, 'usd_per_million', lang),
      tokens: amount(only.tokens, 'tokens', lang),
    });
  const names = [...new Set(rows.map((row) => String(row.segment_name)))];
  const parts = names.map((segment) => {
    const own = rows.filter((row) => row.segment_name === segment);
    const level = tops(own, (value) => amount(value, 'tokens', lang), 'tokens');
    const models = level.map((row) => String(row.model_name));
    const prices = [...new Set(level.map((row) => amount(row.usd_per_million, 'usd_per_million', lang)))];
    return message(lang, 'statements.segment', {
      segment,
      model: some(models, lang),
      price: some(prices, lang),
    });
  });
  return message(lang, 'statements.segments', { parts: parts.join(lang === 'zh' ? '；' : '; ') });
}
