/** Truths of the labelled sample: categories, tags, spend and cost by what traffic is about. `other` never counts. */
import { isoDay } from '../curves.ts';
import type { Plan } from '../plan.ts';
import { add, type Cube, nothing, pointsOf, type Sum, type TruthPoint } from './sums.ts';

export function labelledSeries(plan: Plan, cube: Cube): Record<string, TruthPoint[]> {
  const { categories, models } = plan;
  /** Weekly shares over cells that `pick` names; `other` never counts. */
  const series = (pick: (m: number, c: string) => string | null, of: keyof Sum = 'tokens', prefix = '') =>
    cube.labelled.flatMap((byModel, w) => {
      const by = new Map<string, number>();
      for (const [m, byCategory] of byModel.entries())
        for (const [c, sum] of byCategory.entries()) {
          const name = categories[c] ?? '';
          const key = name === 'other' ? null : pick(m, name);
          if (key !== null && sum[of] > 0) by.set(key, (by.get(key) ?? 0) + sum[of]);
        }
      const points = pointsOf(isoDay(plan.weeks[w] ?? 0), by, true);
      return points.map((p) => ({ ...p, series: prefix + p.series }));
    });
  const total = (w: number, keep: (c: string) => boolean) => {
    const sum = nothing();
    for (const byCategory of cube.labelled[w] ?? [])
      for (const [c, s] of byCategory.entries()) if (keep(categories[c] ?? '')) add(sum, s, 1);
    return sum;
  };
  const mean = (name: string, keep: (c: string) => boolean, value: (s: Sum) => number): TruthPoint[] =>
    plan.weeks.flatMap((week, w) => {
      const sum = total(w, keep);
      return sum.requests > 0
        ? [{ period: isoDay(week), series: name, value: value(sum) / sum.requests }]
        : [];
    });
  const group = (m: number) => models[m]?.group ?? '';
  const ofAuthor = (author: string) =>
    series((m, c) => (models[m]?.author === author ? c : null), 'tokens', `${author} `);
  return {
    F6: series((m, c) => (models[m]?.openness === 'open' ? c : null)),
    F7: series((m, c) => (group(m) === 'open-chinese' ? c : null)),
    F8: series((m, c) => (c === 'programming' ? group(m) : null)),
    F9: series((m, c) => (c === 'roleplay' ? group(m) : null)),
    F16: categories
      .filter((c) => c !== 'other')
      .flatMap((name) =>
        mean(
          name,
          (c) => c === name,
          (s) => s.prompt,
        ),
      ),
    F18: [
      ...mean(
        'programming',
        (c) => c === 'programming',
        (s) => s.tokens,
      ),
      ...mean(
        'overall',
        () => true,
        (s) => s.tokens,
      ),
    ],
    F19: series((_, c) => (c === 'programming' ? 'programming' : 'rest')).filter(
      (p) => p.series === 'programming',
    ),
    F20: series((m, c) => (c === 'programming' ? (models[m]?.author ?? null) : null), 'cost'),
    F22: ['anthropic', 'google', 'x-ai'].flatMap(ofAuthor),
    F23: ['openai', 'deepseek', 'qwen'].flatMap(ofAuthor),
  };
}

/** Shares of the paths inside each category: the same at all times, by construction. */
export function tags(plan: Plan): Record<string, number> {
  const out: Record<string, number> = {};
  for (const [category, { paths }] of Object.entries(plan.world.categories)) {
    const whole = Object.values(paths).reduce((a, b) => a + b, 0);
    for (const [path, weight] of Object.entries(paths)) out[`${category} ${path}`] = weight / whole;
  }
  return out;
}

export function categoryPoints(plan: Plan, cube: Cube) {
  return plan.categories.flatMap((name, c) => {
    if (name === 'other') return [];
    const sum = nothing();
    for (const byModel of cube.labelled)
      for (const byCategory of byModel) add(sum, byCategory[c] ?? nothing(), 1);
    return sum.paidTokens > 0 ? [{ name, x: (sum.cost / sum.paidTokens) * 1e6, y: sum.paidTokens }] : [];
  });
}
