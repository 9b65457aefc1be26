/**
 * Usage reports of the vendors: pages of time buckets, each with the sums of its groups. A bucket's sums become rows that
 * carry the bucket's times; the newest buckets still grow, so their place is not passed before they are over.
 */
import { badAnswer, isObject, listIn } from './answers.ts';
import { type Call, fetchJson } from './http.ts';
import { DAY, type Page, type Row, type Runtime } from './source.ts';

export interface BucketPages {
  runtime: Runtime;
  until: number;
  /** The request for a page; null is the first. */
  call(page: string | null): Call;
  /** The bucket's own fields that go onto each row. */
  times: readonly string[];
  /** When a bucket ends, milliseconds; null where it does not say. */
  endOf(bucket: Row): number | null;
}

const MOST_PAGES = 10_000;

export async function* bucketPages(options: BucketPages): AsyncGenerator<Page> {
  const seen = new Set<string>();
  let page: string | null = null;
  while (seen.size < MOST_PAGES) {
    const call = options.call(page);
    const answer = await fetchJson(call, options.runtime);
    const buckets = listIn(answer, 'data', call.url);
    const rows = buckets.flatMap((bucket) =>
      listIn(bucket, 'results', call.url).map((result) => ({ ...result, ...pick(bucket, options.times) })),
    );
    const { has_more: more, next_page: next } = answer as Row;
    if (more !== true) {
      yield { rows, reached: Math.floor(options.until / DAY) * DAY };
      return;
    }
    const ends = buckets.map(options.endOf).filter((end) => end !== null);
    yield { rows, reached: ends.length > 0 ? Math.min(Math.max(...ends), options.until) : null };
    if (typeof next !== 'string' || next === '' || seen.has(next))
      throw badAnswer(call.url, 'says that there is more and not where');
    seen.add(next);
    page = next;
  }
}

const pick = (row: Row, names: readonly string[]): Row =>
  isObject(row) ? Object.fromEntries(names.map((name) => [name, row[name]])) : {};
