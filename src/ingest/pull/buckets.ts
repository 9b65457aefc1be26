/**
 * Usage reports of the vendors: pages of daily buckets, each with the sums of its groups. A bucket's sums become rows
 * that carry the day's times, always the whole day's: a bucket that is cut at the edge of what was asked for must not
 * count beside the whole one.
 */
import { badAnswer, listIn } from './answers.ts';
import { type Call, fetchJson } from './http.ts';
import { DAY, type Page, type Row, type Runtime } from './source.ts';

export interface BucketPages {
  runtime: Runtime;
  until: number;
  /** The request for a page; null is the first. */
  call(page: string | null): Call;
  /** When a bucket starts, milliseconds. */
  startOf(bucket: Row): number | null;
  /** A day's times as the rows carry them. */
  times(day: number): Row;
}

export async function* bucketPages(options: BucketPages): AsyncGenerator<Page> {
  const seen = new Set<string>();
  let page: string | null = null;
  for (;;) {
    const call = options.call(page);
    const answer = await fetchJson(call, options.runtime);
    const rows: Row[] = [];
    let day = 0;
    for (const bucket of listIn(answer, 'data', call.url)) {
      const start = options.startOf(bucket);
      if (start === null) throw badAnswer(call.url, 'has a bucket without a time');
      day = Math.floor(start / DAY) * DAY;
      const times = options.times(day);
      for (const result of listIn(bucket, 'results', call.url)) rows.push({ ...result, ...times });
    }
    const { has_more: more, next_page: next } = answer as Row;
    if (more !== true) {
      // Today is not over: the next run reads it again.
      yield { rows, reached: Math.floor(options.until / DAY) * DAY };
      return;
    }
    yield { rows, reached: day === 0 ? null : Math.min(day + DAY, options.until) };
    if (typeof next !== 'string' || next === '' || seen.has(next))
      throw badAnswer(call.url, 'says that there is more and not where');
    seen.add(next);
    page = next;
  }
}
