/**
 * A result beside the numbers that the study printed: what of it was measured, how far off, and whether that is within
 * the tolerance for its kind of number.
 */
import { type Lang, message, messageOrNull } from '../messages/messages.ts';
import { mean } from '../readings/statistics.ts';
import type { ExhibitResult, Unit } from './contract.ts';
import type { Exhibit, Published } from './define.ts';
import { measure } from './measure-published.ts';
import { type Names, publishedLabel } from './published-label.ts';
import { allowed, TOLERANCES, type ToleranceKind, toleranceKind } from './tolerances.ts';

export interface Comparison {
  exhibit: string;
  label: string;
  /** As the study printed it. */
  published: string;
  /** In the published number's unit; null where the result does not have it, and for words. */
  measured: number | null;
  /** What was found instead of a number: an order, a verdict, a segment. */
  found: string | null;
  /** Measured less published; beyond a bound, the distance to it; 0 inside one. */
  difference: number | null;
  within: boolean | null;
  /** Distance that still counts as the same; null for words. */
  tolerance: number | null;
  toleranceKind: ToleranceKind;
  reason: string;
  unit: Unit | 'ratio' | 'log10' | 'words';
}

/** The exhibit on whose result an exhibit's printed numbers are measured: T3 lists too few models to find them all. */
export const comparedOn = (exhibit: Exhibit): string => (exhibit.id === 'T3' ? 'F28' : exhibit.id);

/** @param result of the exhibit that `comparedOn` names, by week, over the study's window or more */
export function compareWithPublished(
  exhibit: Exhibit,
  result: ExhibitResult,
  published: readonly Published[] = exhibit.published,
  lang: Lang = 'en',
): Comparison[] {
  // The result's own labels have the catalog's names, also of what is not in its rows.
  const own = result.id === exhibit.id && published === exhibit.published;
  const names = namesIn(result, lang);
  const measures = onOneScale(
    published,
    published.map((p) => measure(exhibit, result, p, published)),
  );
  return published.map((p, i) => {
    const { value, found, within } = measures[i] ?? { value: null, found: null, within: null };
    const kind = toleranceKind(exhibit, p);
    const target = scaled(p, published);
    const judged = kind === 'words' ? null : judge(kind, target, value);
    return {
      exhibit: exhibit.id,
      label: (own ? result.published[i]?.label : null) ?? publishedLabel(p, names, lang),
      published: p.text,
      measured: kind === 'words' ? null : value,
      found,
      difference: judged?.difference ?? null,
      within: judged ? judged.within : within,
      tolerance: judged?.tolerance ?? null,
      toleranceKind: kind,
      reason: TOLERANCES[kind].reason,
      unit: unitOf(exhibit, kind),
    };
  });
}

interface Target {
  low: number;
  high: number;
}

/** A printed total stands for its part of the totals printed with it. */
function scaled(p: Published, published: readonly Published[]): Target {
  if (p.between) return { low: p.between[0], high: p.between[1] };
  if (p.value === undefined)
    return { low: p.atLeast ?? Number.NEGATIVE_INFINITY, high: p.atMost ?? Number.POSITIVE_INFINITY };
  const listed = published.filter((q) => q.stat === 'proportion');
  const whole = p.stat === 'proportion' ? listed.reduce((sum, q) => sum + (q.value ?? 0), 0) : 1;
  return { low: p.value / whole, high: p.value / whole };
}

function judge(kind: ToleranceKind, { low, high }: Target, measured: number | null) {
  const edge = measured !== null && measured < low ? low : high;
  const nearest = Number.isFinite(edge) ? edge : Number.isFinite(low) ? low : 0;
  const tolerance = allowed(kind, nearest);
  if (measured === null) return { difference: null, within: null, tolerance };
  const difference = measured < low ? measured - low : measured > high ? measured - high : 0;
  return { difference, within: Math.abs(difference) <= tolerance + 1e-12, tolerance };
}

type Measured = ReturnType<typeof measure>;

/** log10 of use has a scale of its own in every dataset: moved so that the models found have the printed mean. */
function onOneScale(published: readonly Published[], measures: Measured[]): Measured[] {
  const both = published.flatMap((p, i) => {
    const value = measures[i]?.value;
    return p.stat === 'use' && typeof value === 'number' ? [{ printed: p.value ?? 0, value }] : [];
  });
  const shift = (mean(both.map((b) => b.printed)) ?? 0) - (mean(both.map((b) => b.value)) ?? 0);
  return measures.map((m, i) =>
    published[i]?.stat === 'use' && m.value !== null ? { ...m, value: m.value + shift } : m,
  );
}

function unitOf(exhibit: Exhibit, kind: ToleranceKind): Comparison['unit'] {
  if (kind === 'words' || kind === 'ratio') return kind;
  if (kind === 'price') return 'usd_per_million';
  if (kind === 'use') return 'log10';
  return kind === 'proportion' || kind === 'change' || kind === 'retention' ? 'share' : exhibit.unit;
}

/** Names as the result itself has them. */
function namesIn(result: ExhibitResult, lang: Lang): Names {
  const infos = [...result.panels, ...result.groups, ...result.series];
  const inRows = (key: string) => {
    const row = result.rows.find((r) => r.model === key || r.language === key);
    const name = row?.name ?? row?.model_name;
    return typeof name === 'string' ? name : undefined;
  };
  const nameOf = (key: string) =>
    infos.find((info) => info.key === key)?.label ??
    inRows(key) ??
    (key === '*' ? message(lang, 'series.largest') : null) ??
    messageOrNull(lang, `quadrants.${key}`) ??
    messageOrNull(lang, `series.${key}`) ??
    key;
  return { series: nameOf, panel: nameOf };
}
