/** What is under the pointer: every series of the period, largest first, with the total. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import type { ChartContext } from './context.ts';
import { escapeMarkup, safeColor } from './escape.ts';
import { formatPeriod, formatValue } from './format.ts';
import { intervalText } from './interval-text.ts';
import type { Drawn } from './pivot.ts';
import { releasesByPeriod } from './releases.ts';
import { INKS } from './theme.ts';
import { word } from './words.ts';

const MANY = 16;

/** HTML with every label escaped. `total` where the series add up to something that is not simply 100 %. */
export function periodTooltip(
  result: ExhibitResult,
  drawn: Drawn[],
  context: ChartContext,
  total: boolean,
): (index: number) => string {
  const { theme, lang } = context;
  const ink = INKS[theme];
  const releases = result.chart.annotateReleases ? releasesByPeriod(result) : new Map<number, string>();
  return (index) => {
    const period = result.periods[index];
    if (!period) return '';
    const entries = drawn
      .map((each) => ({ each, value: each.values[index] ?? null }))
      .sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
    const known = entries.filter((entry) => entry.value !== null);
    const sum = known.reduce((all, entry) => all + (entry.value ?? 0), 0);
    const columns = entries.length > MANY && context.width >= 640 ? 2 : 1;
    const lines = entries.map(({ each, value }) =>
      line(
        safeColor(each.color[theme]),
        each.label,
        formatValue(value, result.unit, lang) +
          intervalText(each.band?.low[index], each.band?.high[index], result.unit, lang),
      ),
    );
    const title = escapeMarkup(formatPeriod(period.period, result.provenance.filters.grain, lang));
    const partial = period.partial
      ? ` <span style="color:${ink.muted};font-weight:400">· ${escapeMarkup(word(lang, 'partial'))}</span>`
      : '';
    const release = releases.has(index)
      ? `<div style="color:${ink.muted};margin-top:4px">${escapeMarkup(word(lang, 'released', { models: releases.get(index) ?? '' }))}</div>`
      : '';
    const foot =
      known.length === 0
        ? `<div style="color:${ink.muted}">${escapeMarkup(word(lang, 'noData'))}</div>`
        : total && known.length > 1
          ? `<div style="display:flex;gap:18px;justify-content:space-between;border-top:1px solid ${ink.grid};margin-top:5px;padding-top:5px;font-weight:600"><span>${escapeMarkup(word(lang, 'total'))}</span><span>${formatValue(sum, result.unit, lang)}</span></div>`
          : '';
    const list =
      known.length === 0 ? '' : `<div style="columns:${columns};column-gap:22px">${lines.join('')}</div>`;
    return `<div style="font-weight:600;margin-bottom:5px">${title}${partial}</div>${list}${foot}${release}`;
  };
}

export function line(color: string, label: string, value: string): string {
  return `<div style="display:flex;gap:18px;justify-content:space-between;break-inside:avoid;line-height:1.5"><span style="display:flex;align-items:center;gap:7px;min-width:0"><span style="flex:none;width:9px;height:9px;border-radius:2px;background:${color}"></span><span style="overflow:hidden;text-overflow:ellipsis;max-width:200px;white-space:nowrap">${escapeMarkup(label)}</span></span><span style="font-variant-numeric:tabular-nums">${escapeMarkup(value)}</span></div>`;
}

export function tooltipFrame(context: ChartContext) {
  const ink = INKS[context.theme];
  return {
    show: true,
    confine: true,
    transitionDuration: 0,
    backgroundColor: ink.tooltip,
    borderColor: ink.grid,
    borderWidth: 1,
    padding: [9, 12],
    textStyle: { color: ink.text, fontSize: 12 },
    extraCssText:
      'border-radius:6px;box-shadow:0 6px 24px rgba(0,0,0,.14);max-height:420px;overflow:auto;max-width:92vw;',
  };
}
