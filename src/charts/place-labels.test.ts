import fc from 'fast-check';
import { expect, it } from 'vitest';
import { covers, type Dot, overlap, placeLabels } from './place-labels.ts';

const plot = { left: 50, top: 20, right: 650, bottom: 420 };
const anyDots = fc.array(
  fc.record({
    x: fc.double({ min: 50, max: 650, noNaN: true }),
    y: fc.double({ min: 20, max: 420, noNaN: true }),
    radius: fc.constantFrom(3, 5, 8),
    width: fc.integer({ min: 0, max: 160 }),
    height: fc.constant(14),
    weight: fc.integer({ min: 0, max: 50 }),
  }),
  { maxLength: 90 },
);

it('no two names meet, none covers a dot or a reserved place, all stay in the plot', () => {
  const reserved = [{ left: 60, top: 30, right: 160, bottom: 48 }];
  fc.assert(
    fc.property(anyDots, (dots: Dot[]) => {
      const placed = placeLabels(dots, { plot, reserved });
      expect(placeLabels(dots, { plot, reserved })).toEqual(placed);
      for (const [i, each] of placed.entries()) {
        const { box } = each;
        expect(box.left >= plot.left && box.right <= plot.right).toBe(true);
        expect(box.top >= plot.top && box.bottom <= plot.bottom).toBe(true);
        expect(reserved.some((other) => overlap(box, other))).toBe(false);
        expect(placed.some((other, j) => j > i && overlap(box, other.box))).toBe(false);
        expect(dots.some((dot, j) => j !== each.index && covers(box, dot))).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

it('where there is no room for all, the weightiest keep their names', () => {
  const dots = Array.from({ length: 200 }, (_, i) => ({
    x: 300 + (i % 20),
    y: 200 + (i % 13),
    radius: 4,
    width: 120,
    height: 14,
    weight: i,
  }));
  const placed = placeLabels(dots, { plot, leaders: 200 }).map((each) => each.index);
  expect(placed.length).toBeGreaterThan(0);
  expect(placed.length).toBeLessThan(200);
  expect(placed).toEqual([...placed].sort((a, b) => b - a));
  expect(placed[0]).toBe(199);
});

it('a lone dot has its name at its right, one at the edge at its left', () => {
  const dot = { y: 200, radius: 5, width: 80, height: 14, weight: 1 };
  const [middle] = placeLabels([{ ...dot, x: 300 }], { plot });
  const [edge] = placeLabels([{ ...dot, x: 645 }], { plot });
  expect(middle).toMatchObject({ leader: null, box: { left: 308 } });
  expect(edge).toMatchObject({ leader: null, box: { right: 637 } });
});
