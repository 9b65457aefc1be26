/** Sentences about tables: the first rows, and what they are of the whole. */
import { message } from '../../messages/messages.ts';
import { amount, listed } from '../amounts.ts';
import type { Story } from './story.ts';

/** Authors of open models (T1). */
export function authors({ rows, lang }: Story): string {
  const [first, second] = rows;
  if (!first) return '';
  return message(lang, second ? 'statements.authors' : 'statements.author', {
    name: String(first.author_name),
    tokens: amount(first.tokens, 'tokens', lang),
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

/** The most used model of each segment (T3). */
export function segments({ rows, lang }: Story): string {
  const firsts = new Map<string, (typeof rows)[number]>();
  for (const row of rows) if (!firsts.has(String(row.segment))) firsts.set(String(row.segment), row);
  const parts = [...firsts.values()].map((row) =>
    message(lang, 'statements.segment', {
      segment: String(row.segment_name),
      model: String(row.model_name),
      price: amount(row.usd_per_million, 'usd_per_million', lang),
      tokens: amount(row.tokens, 'tokens', lang),
    }),
  );
  return message(lang, 'statements.segments', { parts: parts.join(lang === 'zh' ? '；' : '; ') });
}
