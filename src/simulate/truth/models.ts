/** Truths that need no label: groups, models, lengths, tools, prices. */
import type { Engine } from '../../warehouse/engine.ts';
import { isoDay } from '../curves.ts';
import type { Plan } from '../plan.ts';
import { add, type Cube, nothing, pointsOf, type Sum, type TruthPoint, total } from './sums.ts';

type Pick = (m: number) => string | null;

/** Weekly shares of `of` by what `pick` calls each model; null leaves a model out. */
function shareSeries(plan: Plan, cube: Cube, pick: Pick, of: keyof Sum = 'tokens'): TruthPoint[] {
  return amounts(plan, cube.models, pick, of, true);
}

function amounts(plan: Plan, weeks: Sum[][], pick: Pick, of: keyof Sum, asShare: boolean): TruthPoint[] {
  return weeks.flatMap((models, w) => {
    const by = new Map<string, number>();
    for (const [m, sum] of models.entries()) {
      const series = pick(m);
      if (series !== null && sum[of] > 0) by.set(series, (by.get(series) ?? 0) + sum[of]);
    }
    return pointsOf(isoDay(plan.weeks[w] ?? 0), by, asShare);
  });
}

export function modelSeries(plan: Plan, cube: Cube): Record<string, TruthPoint[]> {
  const model = (m: number) => plan.models[m];
  const open = (m: number) => model(m)?.openness === 'open';
  const whole = (w: number) => total(cube.models[w] ?? []);
  const ratio = (series: string, value: (sum: Sum) => number): TruthPoint[] =>
    plan.weeks.map((week, w) => ({ period: isoDay(week), series, value: value(whole(w)) }));
  const reasoning = plan.world.reasoningPart;
  return {
    F1: shareSeries(plan, cube, (m) => model(m)?.group ?? null),
    F2: amounts(plan, cube.models, (m) => model(m)?.group ?? null, 'tokens', false),
    F3: shareSeries(plan, cube, (m) => (open(m) ? (model(m)?.slug ?? null) : null)),
    F4: shareSeries(plan, cube, (m) => (open(m) ? (model(m)?.size ?? 'unknown') : null)),
    F10: shareSeries(plan, cube, (m) => (model(m)?.reasoning ? 'reasoning' : 'non-reasoning')),
    F11: shareSeries(plan, cube, (m) => (model(m)?.reasoning ? (model(m)?.slug ?? null) : null)),
    F12: ratio('tool-calls', (s) => s.toolCalls / s.tokens),
    F13: shareSeries(plan, cube, (m) => model(m)?.slug ?? null, 'offered'),
    F14: ratio('prompt', (s) => s.prompt / s.requests),
    F15: [
      ...ratio('completion', (s) => s.completion / s.requests),
      ...plan.weeks.map((week, w) => {
        const thinking = (cube.models[w] ?? []).reduce(
          (sum, s, m) => sum + (model(m)?.reasoning ? s.completion * reasoning : 0),
          0,
        );
        return { period: isoDay(week), series: 'reasoning-part', value: thinking / whole(w).requests };
      }),
    ],
    F17: ratio('sequence-length', (s) => s.tokens / s.requests),
  };
}

/** Distinct open models with at least one generation in the week, by size: counted from the cells that were dealt out. */
export async function modelsInUse(engine: Engine, plan: Plan): Promise<TruthPoint[]> {
  const rows = await engine.query<{ week: string; m: number }>(
    'SELECT DISTINCT week::VARCHAR AS week, m FROM sim_cells ORDER BY week, m',
  );
  return [...Map.groupBy(rows, (r) => r.week)].flatMap(([period, used]) => {
    const by = new Map<string, number>();
    for (const { m } of used) {
      const model = plan.models[m];
      if (model?.openness !== 'open') continue;
      const size = model.size ?? 'unknown';
      by.set(size, (by.get(size) ?? 0) + 1);
    }
    return pointsOf(period, by, false);
  });
}

export function openAuthors(plan: Plan, cube: Cube): Record<string, number> {
  const by: Record<string, number> = {};
  for (const models of cube.models)
    for (const [m, sum] of models.entries()) {
      const model = plan.models[m];
      if (model?.openness === 'open') by[model.author] = (by[model.author] ?? 0) + sum.tokens;
    }
  return by;
}

export function modelPoints(plan: Plan, cube: Cube) {
  return plan.models.flatMap((model, m) => {
    const sum = nothing();
    for (const models of cube.models) add(sum, models[m] ?? nothing(), 1);
    return sum.cost > 0
      ? [{ name: model.slug, x: (sum.cost / sum.paidTokens) * 1e6, y: sum.paidTokens }]
      : [];
  });
}
