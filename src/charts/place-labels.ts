/**
 * Names beside dots so that none meets another name, a dot, a reserved place or the edge. Greedy and deterministic:
 * the weightiest dot chooses first among the places next to it, then among places further off, with a leader line.
 * A name that finds no place is left out.
 */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
export interface Dot {
  x: number;
  y: number;
  radius: number;
  /** Pixels that the name needs; 0 for a dot without a name. */
  width: number;
  height: number;
  weight: number;
}
export interface PlacedLabel {
  /** Which dot, by its place in the list. */
  index: number;
  box: Box;
  /** From the dot's rim to the label, where the label stands away from it. */
  leader: [number, number, number, number] | null;
}
export interface PlaceOptions {
  plot: Box;
  /** Places that no name may cover. */
  reserved?: readonly Box[];
  /** At most so many names. */
  max?: number;
  /** So many of the weightiest dots may have a name further off. */
  leaders?: number;
  /** Points that names should not cover if they can help it, such as those of lines. */
  avoid?: readonly { x: number; y: number }[];
}

const AIR = 2;
/** A name that covers more of the points to be avoided is rather left out. */
const MANY = 4;
const NEAR: readonly [number, number][] = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
];
const FAR = [14, 24, 36, 50];

export function placeLabels(dots: readonly Dot[], options: PlaceOptions): PlacedLabel[] {
  const { plot, reserved = [], max = dots.length, leaders = 40, avoid = [] } = options;
  const order = dots
    .map((_, index) => index)
    .filter((index) => (dots[index]?.width ?? 0) > 0)
    .sort((a, b) => (dots[b]?.weight ?? 0) - (dots[a]?.weight ?? 0) || a - b);
  const placed: PlacedLabel[] = [];
  for (const [rank, index] of order.entries()) {
    if (placed.length >= max) break;
    const free = candidates(dots[index] as Dot, index, rank < leaders).filter(
      (each) => inside(each.box, plot) && isFree(each, dots, placed, reserved),
    );
    const found = avoid.length === 0 ? free[0] : leastCovering(free, avoid);
    if (found) placed.push(found);
  }
  return placed;
}

function leastCovering(free: PlacedLabel[], avoid: readonly { x: number; y: number }[]) {
  const counts = free.map(({ box }) => avoid.filter(({ x, y }) => covers(box, { x, y, radius: 1 })).length);
  const least = Math.min(...counts);
  return least > MANY ? undefined : free[counts.indexOf(least)];
}

function candidates(dot: Dot, index: number, far: boolean): PlacedLabel[] {
  const near = NEAR.map(([dx, dy]) => ({ index, box: boxAt(dot, dx, dy, 3), leader: null }));
  if (!far) return near;
  const away = FAR.flatMap((distance) =>
    NEAR.map(([dx, dy]) => {
      const box = boxAt(dot, dx, dy, distance);
      return { index, box, leader: leaderTo(dot, box) };
    }),
  );
  return [...near, ...away];
}

/** The name's box in a direction, `gap` pixels off the dot's rim. */
function boxAt(dot: Dot, dx: number, dy: number, gap: number): Box {
  const diagonal = dx !== 0 && dy !== 0 ? Math.SQRT1_2 : 1;
  const off = (dot.radius + gap) * diagonal;
  const left = dx === 0 ? dot.x - dot.width / 2 : dx > 0 ? dot.x + off : dot.x - off - dot.width;
  const top = dy === 0 ? dot.y - dot.height / 2 : dy > 0 ? dot.y + off : dot.y - off - dot.height;
  return { left, top, right: left + dot.width, bottom: top + dot.height };
}

function leaderTo(dot: Dot, box: Box): PlacedLabel['leader'] {
  const x = Math.min(box.right, Math.max(box.left, dot.x));
  const y = Math.min(box.bottom, Math.max(box.top, dot.y));
  const distance = Math.hypot(x - dot.x, y - dot.y) || 1;
  const rim = dot.radius / distance;
  return [dot.x + (x - dot.x) * rim, dot.y + (y - dot.y) * rim, x, y];
}

function isFree(
  each: PlacedLabel,
  dots: readonly Dot[],
  placed: readonly PlacedLabel[],
  reserved: readonly Box[],
): boolean {
  const { box, leader } = each;
  if (reserved.some((other) => overlap(box, other))) return false;
  for (const other of placed) {
    if (overlap(box, other.box)) return false;
    if (leader && crosses(leader, other.box)) return false;
    if (other.leader && crosses(other.leader, box)) return false;
  }
  return dots.every((dot, i) => {
    if (i !== each.index && covers(box, dot)) return false;
    return i === each.index || !leader || !crosses(leader, around(dot));
  });
}

/** Where a text drawn into its box begins: towards the dot, as a text is rarely as wide as it was measured. */
export function labelAnchor(box: Box, dotX: number) {
  if (box.left >= dotX) return { x: box.left + 1, y: box.top + 1, align: 'left' as const };
  if (box.right <= dotX) return { x: box.right - 1, y: box.top + 1, align: 'right' as const };
  return { x: (box.left + box.right) / 2, y: box.top + 1, align: 'center' as const };
}

export const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right + AIR && b.left < a.right + AIR && a.top < b.bottom && b.top < a.bottom;

const inside = (box: Box, plot: Box): boolean =>
  box.left >= plot.left && box.right <= plot.right && box.top >= plot.top && box.bottom <= plot.bottom;

const around = (dot: Dot): Box => ({
  left: dot.x - dot.radius,
  right: dot.x + dot.radius,
  top: dot.y - dot.radius,
  bottom: dot.y + dot.radius,
});

/** Whether a box lies over a dot. */
export function covers(box: Box, dot: Pick<Dot, 'x' | 'y' | 'radius'>): boolean {
  const x = Math.min(box.right, Math.max(box.left, dot.x));
  const y = Math.min(box.bottom, Math.max(box.top, dot.y));
  return Math.hypot(x - dot.x, y - dot.y) < dot.radius + 1;
}

/** Whether a line runs through a box (Liang and Barsky's clipping). */
function crosses([x1, y1, x2, y2]: [number, number, number, number], box: Box): boolean {
  let [from, to] = [0, 1];
  const edges: [number, number][] = [
    [x1 - x2, x1 - box.left],
    [x2 - x1, box.right - x1],
    [y1 - y2, y1 - box.top],
    [y2 - y1, box.bottom - y1],
  ];
  for (const [direction, distance] of edges) {
    if (direction === 0) {
      if (distance < 0) return false;
    } else if (direction < 0) from = Math.max(from, distance / direction);
    else to = Math.min(to, distance / direction);
  }
  return from <= to;
}
