/** Curves over time as a few points that a reader can check: straight lines between them, level outside. */

/** `[ISO day, value]`, in order of time. A plain number is level for ever. */
export type Curve = number | readonly (readonly [string, number])[];

const DAY = 86_400_000;
export const dayNumber = (iso: string): number => Math.floor(Date.parse(`${iso}T00:00:00Z`) / DAY);

/** A world has some hundred days, and each is asked for a thousand times. */
const isoDays = new Map<number, string>();
export function isoDay(day: number): string {
  const known = isoDays.get(day) ?? new Date(day * DAY).toISOString().slice(0, 10);
  isoDays.set(day, known);
  return known;
}

/** The Monday (UTC) of a day's week, and the first day of its month. */
export const weekOf = (day: number): number => day - ((((day + 3) % 7) + 7) % 7);
export const monthOf = (day: number): number => dayNumber(`${isoDay(day).slice(0, 7)}-01`);

/** Curves are asked a million times: their days are read once. */
const parsed = new WeakMap<object, [day: number, value: number][]>();

/** The curve's value on a day, by linear interpolation. */
export function at(curve: Curve, day: number): number {
  if (typeof curve === 'number') return curve;
  const points =
    parsed.get(curve) ?? curve.map(([when, value]): [number, number] => [dayNumber(when), value]);
  parsed.set(curve, points);
  let before = points[0];
  if (!before) return 0;
  for (const point of points) {
    const [next, value] = point;
    if (next >= day)
      return next === before[0]
        ? value
        : before[1] + ((value - before[1]) * (day - before[0])) / (next - before[0]);
    before = point;
  }
  return before[1];
}

/** The same between logarithms: for amounts that grow by a rate. */
export function growthAt(curve: Curve, day: number): number {
  if (typeof curve === 'number') return curve;
  return Math.exp(
    at(
      curve.map(([when, value]) => [when, Math.log(value)] as const),
      day,
    ),
  );
}
