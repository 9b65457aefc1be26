/** Sentences about cost and use: where the median lies, what is dearest, what a lower price goes with. */
import { message } from '../../messages/messages.ts';
import { reachOf } from '../../readings/statistics.ts';
import { amount, figure } from '../amounts.ts';
import { joined, type Story, some, tops } from './story.ts';

/** Categories (F26). */
export function costByCategory(story: Story): string {
  const { rows, facts, lang } = story;
  const price = (value: unknown) => amount(value, 'usd_per_million', lang);
  const [used, dearest] = [mostUsed(story), tops(rows, price, 'x')];
  if (!used || dearest.length === 0) return '';
  if (rows.length === 1) return message(lang, 'statements.cost-one-category', used);
  return message(lang, 'statements.cost-by-category', {
    median: price(facts.median_x),
    ...used,
    all: dearest.length === rows.length ? 'same' : 'differ',
    dearest: some(
      dearest.map((row) => String(row.name)),
      lang,
    ),
    dear: dearest.length,
    dearest_price: price(dearest[0]?.x),
  });
}

/** What is used most, or what is used most alike; null where there are no points. */
function mostUsed({ rows, lang }: Story) {
  const tokens = (value: unknown) => amount(value, 'tokens', lang);
  const level = tops(rows, tokens, 'y');
  const prices = [...new Set(level.map((row) => amount(row.x, 'usd_per_million', lang)))];
  const names = level.map((row) => String(row.name));
  if (level.length === 0) return null;
  return {
    name: some(names, lang),
    count: level.length,
    price: some(prices, lang),
    tokens: tokens(level[0]?.y),
  };
}

/** Prices that differ by less say nothing of a price that is 10 % lower. */
const SPREAD = 1.1;

/** Models, open and closed (F27). */
export function elasticity({ facts, rows, lang }: Story): string {
  const { n, slope, r2, price_cut_change: change } = facts;
  const prices = rows.map((row) => Number(row.x));
  if (Number(n) >= 3 && prices.length >= 3 && Math.max(...prices) < SPREAD * Math.min(...prices))
    return message(lang, 'statements.elasticity-same', { n: Number(n) });
  if (typeof slope !== 'number' || typeof change !== 'number' || Number(n) < 3)
    return message(lang, 'statements.elasticity-few', { n: Number(n ?? 0) });
  const id = Math.abs(change) < 0.0005 ? 'elasticity-flat' : change > 0 ? 'elasticity' : 'elasticity-less';
  return message(lang, `statements.${id}`, {
    n: Number(n),
    change: amount(Math.abs(change), 'share', lang),
    slope: figure(slope, lang),
    r2: figure(Number(r2), lang, 3),
    ...intervalOf(facts, lang),
  });
}

/** The 95 % interval of the slope, in words, and whether a line the other way is not in it too; no words where none is known. */
function intervalOf({ n, slope, slope_error: error }: Story['facts'], lang: Story['lang']) {
  if (typeof error !== 'number') return { interval: '', sure: 'yes' };
  const reach = reachOf(Number(n) - 2) * error;
  const [low, high] = [Number(slope) - reach, Number(slope) + reach];
  const sure = low > 0 || high < 0;
  const words = { low: figure(low, lang), high: figure(high, lang) };
  return {
    interval: message(lang, `statements.${sure ? 'slope-interval' : 'slope-unsure'}`, words),
    sure: sure ? 'yes' : 'no',
  };
}

/** Models by author, in four segments (F28). */
export function quadrants(story: Story): string {
  const { facts, lang } = story;
  const used = mostUsed(story);
  const most = used ? message(lang, 'statements.most-used', used) : '';
  // The median of one model is the model itself: it has no segments.
  if (Number(facts.n) < 2) return most;
  const median = message(lang, 'statements.quadrants', {
    n: Number(facts.n),
    price: amount(facts.median_x, 'usd_per_million', lang),
    tokens: amount(facts.median_y, 'tokens', lang),
    giants: Number(facts.efficient_giants),
    leaders: Number(facts.premium_leaders),
    tail: Number(facts.long_tail),
    specialists: Number(facts.premium_specialists),
  });
  return joined([median, most], lang);
}
