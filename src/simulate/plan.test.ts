import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadCatalog } from '../catalog/catalog.ts';
import { PROJECT } from '../testing/workspace.ts';
import { adopt, retention } from './adoption.ts';
import { at, dayNumber, growthAt, isoDay, monthOf, weekOf } from './curves.ts';
import { languagesOf, slots } from './draws.ts';
import { eachCell, makePlan, totalRequests } from './plan.ts';
import { STUDY_WORLD } from './study-world/index.ts';

const plan = makePlan(STUDY_WORLD, await loadCatalog({ dataDir: PROJECT }));

it('curves meet their points, lie between neighbours, and are level outside', () => {
  const curve = [
    ['2025-01-01', 1],
    ['2025-01-11', 3],
  ] as const;
  expect(at(curve, dayNumber('2025-01-06'))).toBe(2);
  expect(at(curve, dayNumber('2020-01-01'))).toBe(1);
  expect(at(curve, dayNumber('2030-01-01'))).toBe(3);
  expect(growthAt(curve, dayNumber('2025-01-06'))).toBeCloseTo(Math.sqrt(3), 12);
});

it('weeks begin on Monday, months on their first day', () => {
  expect(isoDay(weekOf(dayNumber('2024-11-03')))).toBe('2024-10-28');
  expect(isoDay(weekOf(dayNumber('2024-11-04')))).toBe('2024-11-04');
  expect(isoDay(monthOf(dayNumber('2024-02-29')))).toBe('2024-02-01');
});

it('slots are as many as asked for, each within one of its share', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 10, noNaN: true }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 32, max: 2048 }),
      (weights, count) => {
        const made = slots(
          weights.map((w, i) => [i, w] as const),
          count,
        );
        expect(made).toHaveLength(count);
        const whole = weights.reduce((a, b) => a + b, 0);
        for (const [i, w] of weights.entries())
          expect(Math.abs(made.filter((m) => m === i).length - (w / whole) * count)).toBeLessThan(1 + 1e-6);
      },
    ),
  );
});

it('no model has traffic before it is there, and groups have the shares that the world gives them', () => {
  const byGroup = new Map<string, number>();
  const day = dayNumber('2025-09-10');
  let [whole, early] = [0, 0];
  eachCell(plan, (cell) => {
    const model = plan.models[cell.model];
    if (!model || (plan.days[cell.day] ?? 0) < model.start) early++;
    if (plan.days[cell.day] !== day || !model) return;
    const tokens = cell.requests * (cell.promptTokens + cell.completionTokens);
    byGroup.set(model.group, (byGroup.get(model.group) ?? 0) + tokens);
    whole += tokens;
  });
  expect(early).toBe(0);
  const shares = Object.values(STUDY_WORLD.groups).map((curve) => at(curve, day));
  for (const [group, curve] of Object.entries(STUDY_WORLD.groups))
    expect((byGroup.get(group) ?? 0) / whole).toBeCloseTo(at(curve, day) / shares.reduce((a, b) => a + b), 9);
});

it('requests are as long on average as the world says', () => {
  const week = plan.weeks.indexOf(dayNumber('2025-03-03'));
  let [n, prompt, completion] = [0, 0, 0];
  eachCell(plan, (cell) => {
    if (cell.week !== week || cell.burst) return;
    n += cell.requests;
    prompt += cell.requests * cell.promptTokens;
    completion += cell.requests * cell.completionTokens;
  });
  const middle = dayNumber('2025-03-06');
  expect(prompt / n / at(STUDY_WORLD.promptTokens, middle)).toBeCloseTo(1, 3);
  expect(completion / n / at(STUDY_WORLD.completionTokens, middle)).toBeCloseTo(1, 3);
});

it('a model has as many accounts at work as its traffic asks for, and keeps none before it is there', () => {
  const adoption = adopt(plan, 1e6 / totalRequests(plan));
  const m = plan.models.findIndex((model) => model.slug === 'anthropic/claude-sonnet-4');
  const k = adoption.months.indexOf(dayNumber('2025-08-01'));
  expect(adoption.active[m]?.[k]).toBeGreaterThanOrEqual(
    (adoption.generations[m]?.[k] ?? 0) / STUDY_WORLD.generationsPerAccountMonth - 1e-9,
  );
  expect(adoption.active[m]?.[0]).toBe(0);
  for (const c of adoption.cohorts) expect(c.first + c.accounts).toBeLessThanOrEqual(adoption.accounts);
});

it('those who return are away first, then there again', () => {
  const fit = { fits: 0.1, returns: 0.4, away: 3, lingers: 0.3, newcomers: 0 };
  expect(retention(fit, 0)).toBe(1);
  expect(retention(fit, 3)).toBeGreaterThan(retention(fit, 2) + 0.3);
});

it('a country speaks its languages and English, all in all one', () => {
  for (const country of ['CN', 'US', 'CH', 'HK']) {
    const spoken = languagesOf(plan, country);
    expect(spoken.reduce((sum, [, part]) => sum + part, 0)).toBeCloseTo(1, 12);
    expect(spoken.at(-1)?.[0]).toBe('en');
  }
});
