/**
 * What a world's schema cannot say: that days exist, that points come in order of time, that whatever is dealt out by
 * weight has some weight to go by. Without these, a world would divide by zero somewhere in the middle of its making.
 */
import { at, dayNumber, isoDay, weekOf } from './curves.ts';
import type { World } from './world.ts';

/** Accounts are numbered in memory, a hundred bytes each. */
const MOST_ACCOUNTS = 10_000_000;

/**
 * What makes no sense in a world that has the right shape, in words that follow the file's name; null where all does.
 * @param world as its schema wants it
 */
export function senseless(world: World): string | null {
  const days = dayNumber(world.to) - dayNumber(world.from) + 1;
  return (
    wrongDay(world, []) ??
    (days < 1 || days > 3660
      ? `from ${world.from} to ${world.to} is ${days} days; 1 to 3660 can be simulated`
      : null) ??
    twice(world.models.map((m) => m.slug)) ??
    tooMany(world) ??
    weightless(world)
  );
}

/** A day that no calendar has, or a point of a curve that is not after the one before it. */
function wrongDay(value: unknown, path: readonly string[]): string | null {
  if (typeof value === 'string') {
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value) && !path.includes('paths');
    return isDay && !isRealDay(value) ? `${path.join(' → ')}: ${value} is no day` : null;
  }
  if (typeof value !== 'object' || value === null) return null;
  let before = '';
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, key];
    const wrong = wrongDay(inner, here);
    if (wrong) return wrong;
    if (!isPoint(inner)) continue;
    if (inner[0] < before)
      return `${here.join(' → ')}: ${inner[0]} stands after ${before}; put points in order of time`;
    before = inner[0];
  }
  return null;
}

const isPoint = (value: unknown): value is [string, number] =>
  Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';

function isRealDay(day: string): boolean {
  const number = dayNumber(day);
  return !Number.isNaN(number) && isoDay(number) === day;
}

function twice(slugs: readonly string[]): string | null {
  const again = slugs.find((slug, i) => slugs.indexOf(slug) !== i);
  return again === undefined ? null : `models: ${again} is there twice; change it instead of adding it`;
}

function tooMany(world: World): string | null {
  if ((world.accounts ?? 0) > MOST_ACCOUNTS)
    return `accounts are ${world.accounts}; at most ${MOST_ACCOUNTS} can be simulated`;
  for (const [model, months] of Object.entries(world.fits))
    for (const [month, { fits, returns = 0 }] of Object.entries(months))
      if (fits + returns > 1 + 1e-9)
        return `fits → ${model} → ${month}: those who fit and those who return are more than all (${fits} + ${returns})`;
  return null;
}

/** Something is dealt out by weights of which none is above 0. */
function weightless(world: World): string | null {
  const none = (weights: Readonly<Record<string, number>>) => !Object.values(weights).some((w) => w > 0);
  if (none(world.apps)) return 'apps: no app has a weight above 0';
  for (const [name, { paths }] of Object.entries(world.categories))
    if (none(paths)) return `categories → ${name} → paths: no path has a weight above 0`;
  const places = Object.entries(world.places);
  for (const [name, { countries }] of places)
    if (none(countries))
      return `places → ${name} → countries: no country has a weight above 0; leave the place out with null`;
  for (let week = weekOf(dayNumber(world.from)); week <= dayNumber(world.to); week += 7)
    if (!places.some(([, { weight }]) => at(weight, week + 3) > 0))
      return `places: none has a weight above 0 in the week of ${isoDay(week)}`;
  return null;
}
