/** Sentences about cost and use: where the median lies, what is dearest, what a lower price goes with. */
import { message } from '../../messages/messages.ts';
import { amount, figure } from '../amounts.ts';
import { joined, largest, type Story } from './story.ts';

/** Categories (F26). */
export function costByCategory(story: Story): string {
  const { rows, facts, lang } = story;
  const [used, dearest] = [largest(rows, 'y'), largest(rows, 'x')];
  if (!used || !dearest) return '';
  const price = (value: unknown) => amount(value, 'usd_per_million', lang);
  return message(lang, 'statements.cost-by-category', {
    median: price(facts.median_x),
    used: String(used.name),
    used_price: price(used.x),
    used_tokens: amount(used.y, 'tokens', lang),
    dearest: String(dearest.name),
    dearest_price: price(dearest.x),
  });
}

/** Models, open and closed (F27). */
export function elasticity({ facts, lang }: Story): string {
  const { n, slope, r2, price_cut_change: change } = facts;
  if (typeof slope !== 'number' || typeof change !== 'number' || Number(n) < 3)
    return message(lang, 'statements.elasticity-few', { n: Number(n ?? 0) });
  const id = Math.abs(change) < 0.0005 ? 'elasticity-flat' : change > 0 ? 'elasticity' : 'elasticity-less';
  return message(lang, `statements.${id}`, {
    n: Number(n),
    change: amount(Math.abs(change), 'share', lang),
    slope: figure(slope, lang),
    r2: figure(Number(r2), lang),
  });
}

/** Models by author, in four segments (F28). */
export function quadrants(story: Story): string {
  const { facts, lang, rows } = story;
  const top = largest(rows, 'y');
  const most = top
    ? message(lang, 'statements.most-used', {
        name: String(top.name),
        price: amount(top.x, 'usd_per_million', lang),
        tokens: amount(top.y, 'tokens', lang),
      })
    : '';
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
