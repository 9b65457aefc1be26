/** Expected sums of a plan, by week, model and (as the labels will say) category: what all truths are read from. */
import { dayNumber } from '../curves.ts';
import { toolChances, wrongLabelSlots } from '../draws.ts';
import { type Cell, costUnits, eachCell, type Plan } from '../plan.ts';

/** A point of a weekly series: the week's Monday, and what is expected. */
export interface TruthPoint {
  period: string;
  series: string;
  value: number;
}

export interface Sum {
  tokens: number;
  requests: number;
  prompt: number;
  completion: number;
  toolCalls: number;
  offered: number;
  cost: number;
  paidTokens: number;
}
export const nothing = (): Sum => ({
  tokens: 0,
  requests: 0,
  prompt: 0,
  completion: 0,
  toolCalls: 0,
  offered: 0,
  cost: 0,
  paidTokens: 0,
});

/** Expected sums by week and model, and of the labelled days by week, model and category as the labels say. */
export interface Cube {
  models: Sum[][];
  labelled: Sum[][][];
}

export function expectedSums(plan: Plan, scale: number): Cube {
  const { world } = plan;
  const cube: Cube = {
    models: plan.weeks.map(() => plan.models.map(nothing)),
    labelled: plan.weeks.map(() => plan.models.map(() => plan.categories.map(nothing))),
  };
  const sure = 1 - world.wrongLabels - world.unsureLabels;
  const other = plan.categories.indexOf('other');
  const wrong = new Map<string, number[]>();
  for (const cell of weeklyCells(plan)) {
    const model = plan.models[cell.model];
    const category = world.categories[plan.categories[cell.category] ?? ''];
    if (!model || !category) continue;
    const n = cell.requests * scale;
    const chances = cell.burst
      ? { offered: 1, called: 1 }
      : toolChances(plan, cell.model, cell.category, cell.week);
    const own = cell.burst ? 1 : 1 - world.byokAccounts;
    const units = costUnits(cell.promptTokens, cell.completionTokens, category.cached) * category.costFactor;
    const tokens = n * (cell.promptTokens + cell.completionTokens);
    const sum: Sum = {
      tokens,
      requests: n,
      prompt: n * cell.promptTokens,
      completion: n * cell.completionTokens,
      offered: tokens * chances.offered,
      toolCalls: tokens * chances.offered * chances.called,
      cost: ((n * units * model.promptPrice) / 1e6) * (cell.burst ? 1 : 1 - (model.free ?? 0)) * own,
      paidTokens: tokens * own,
    };
    add(cube.models[cell.week]?.[cell.model], sum, 1);
    if (!cell.labelled) continue;
    const labels = cube.labelled[cell.week]?.[cell.model];
    add(labels?.[cell.category], sum, sure);
    add(labels?.[other], sum, world.unsureLabels);
    const mix = cell.burst ? 0 : (plan.mixOf[cell.model] ?? 0);
    const memo = `${mix} ${cell.week}`;
    const says = wrong.get(memo) ?? shares(wrongLabelSlots(plan, mix, cell.week), plan.categories.length);
    wrong.set(memo, says);
    for (const [c, share] of says.entries()) if (share > 0) add(labels?.[c], sum, world.wrongLabels * share);
  }
  return cube;
}

/** Days of a week are alike but for their volume: their cells in one, those before the labels apart. */
function weeklyCells(plan: Plan): (Cell & { labelled: boolean })[] {
  const labelsFrom = dayNumber(plan.world.labelsFrom);
  const { weeks, models } = plan;
  const found = new Map<number, Cell & { labelled: boolean }>();
  eachCell(plan, (cell) => {
    const labelled = (plan.days[cell.day] ?? 0) >= labelsFrom;
    const place = (cell.category * models.length + cell.model) * weeks.length + cell.week;
    const key = place * 4 + (labelled ? 2 : 0) + (cell.burst ? 1 : 0);
    const known = found.get(key);
    if (known) known.requests += cell.requests;
    else found.set(key, { ...cell, labelled });
  });
  return [...found.values()];
}

export function add(target: Sum | undefined, sum: Sum, part: number): void {
  if (!target || part === 0) return;
  target.tokens += sum.tokens * part;
  target.requests += sum.requests * part;
  target.prompt += sum.prompt * part;
  target.completion += sum.completion * part;
  target.toolCalls += sum.toolCalls * part;
  target.offered += sum.offered * part;
  target.cost += sum.cost * part;
  target.paidTokens += sum.paidTokens * part;
}

export function total(sums: readonly Sum[]): Sum {
  const all = nothing();
  for (const sum of sums) add(all, sum, 1);
  return all;
}

export function shares(slots: readonly number[], count: number): number[] {
  const out = Array<number>(count).fill(0);
  for (const slot of slots) out[slot] = (out[slot] ?? 0) + 1 / slots.length;
  return out;
}

export function pointsOf(period: string, by: ReadonlyMap<string, number>, asShare: boolean): TruthPoint[] {
  const whole = asShare ? [...by.values()].reduce((a, b) => a + b, 0) : 1;
  if (whole === 0) return [];
  return [...by].map(([series, value]) => ({ period, series, value: value / whole }));
}
