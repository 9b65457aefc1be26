/** A result as a finished SVG picture: title, chart or charts, legend, source line. No DOM, nothing from the network. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import { chartHeight, chartOption } from './chart-option.ts';
import type { ChartContext, Lang, Theme } from './context.ts';
import { type ChartOption, echarts } from './echarts.ts';
import { escapeMarkup, printable } from './escape.ts';
import { hasRows } from './has-rows.ts';
import { legendBox, legendShapes } from './legend.ts';
import { legendSeries, ownLegends } from './legend-series.ts';
import {
  fromFirstValue,
  PANEL_GAP,
  PANEL_HEAD,
  panelColumns,
  panelHeight,
  panelResults,
  panelWidth,
} from './panels.ts';
import { emptyText, footer, header, MARGIN, type TextBlock, textShape } from './picture-frame.ts';
import { fitText } from './text-width.ts';
import { INKS, SANS } from './theme.ts';

/** Without a height the picture is as tall as its content asks for. */
export type PictureContext = ChartContext;

/** The height that suits a picture of the result, in pixels: title, legend, chart or panels, source line. */
export function pictureHeight(result: ExhibitResult, width: number, lang: Lang = 'en'): number {
  const context: ChartContext = { theme: 'light', lang, width };
  const frame = header(result, context).height + footer(result, context).height;
  if (!hasRows(result)) return Math.max(260, frame + 120);
  const legend = legendBox(ownLegends(result) ? [] : legendSeries(result), context, 0);
  const above = legend.height > 0 ? legend.height + 10 : 0;
  if (result.panels.length > 1) return frame + above + panelLayout(result, context).height;
  const [only = result] = panelResults(result);
  return frame + above + chartHeight(only, context);
}

export function renderSvg(whole: ExhibitResult, given: PictureContext): string {
  const result = fromFirstValue(whole);
  const context = { ...given, height: given.height ?? pictureHeight(result, given.width, given.lang) };
  const head = header(result, context);
  const foot = footer(result, context);
  const insets = { top: head.height, bottom: foot.height };
  const below = foot.texts.map((text) => ({ ...text, y: context.height - foot.height + text.y }));
  const texts = [...head.texts, ...below];
  const picture = { ...context, legend: context.legend ?? true, insets };
  if (!hasRows(result)) texts.push(...emptyText(result, context, head.height));
  else if (result.panels.length > 1)
    return finish(panelsPicture(result, picture, texts), result, context.theme);
  const [only = result] = panelResults(result);
  const option: ChartOption = hasRows(result) ? chartOption(only, picture) : {};
  return finish(draw(option, context, texts.map(textShape)), result, context.theme);
}

function draw(option: ChartOption, size: ChartContext & { height: number }, shapes: object[]): string {
  const { width, height } = size;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      ...option,
      animation: false,
      backgroundColor: INKS[size.theme].paper,
      graphic: [...[option.graphic ?? []].flat(), ...shapes],
      tooltip: { show: false },
    } as ChartOption);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** Panels in a grid: how many columns, how large each chart and its legend, how tall all together. */
function panelLayout(result: ExhibitResult, context: ChartContext) {
  const columns = panelColumns(result, context.width - 2 * MARGIN);
  const width = panelWidth(context.width - 2 * MARGIN, columns);
  const natural = ['composition', 'bars', 'table'].includes(result.chart.type);
  const panels = panelResults(result);
  const legends = ownLegends(result)
    ? panels.map((panel) => legendBox(legendSeries(panel), { ...context, width: width + MARGIN }, 0))
    : [];
  const legendHeight = Math.max(0, ...legends.map((each) => each.height));
  const heights = natural
    ? panels.map((panel) => chartHeight(panel, { ...context, width }))
    : panels.map(() => panelHeight(width));
  const rows = Array.from({ length: Math.ceil(panels.length / columns) }, (_, row) =>
    Math.max(...heights.slice(row * columns, (row + 1) * columns)),
  );
  const between = PANEL_HEAD + legendHeight + PANEL_GAP.y;
  const height = rows.reduce((sum, each) => sum + each + between, 0);
  return { panels, columns, width, rows, legends, legendHeight, between, height };
}

function panelsPicture(
  result: ExhibitResult,
  context: ChartContext & { height: number; insets: { top: number; bottom: number } },
  texts: TextBlock[],
): string {
  const ink = INKS[context.theme];
  const layout = panelLayout(result, context);
  const series = layout.legends.length > 0 ? [] : legendSeries(result);
  const legend = legendBox(series, context, context.insets.top);
  const top = context.insets.top + (legend.height > 0 ? legend.height + 10 : 0);
  // A picture that was asked to be shorter or taller than suits it shares the difference among its rows.
  const change = (context.height - context.insets.bottom - top - layout.height) / layout.rows.length;
  const rows = layout.rows.map((height) => Math.max(90, height + change));
  const shapes: object[] = [...texts.map(textShape), ...legendShapes(legend, series, context)];
  const inner = layout.panels.map((panel, i) => {
    const row = Math.floor(i / layout.columns);
    const x = MARGIN + (i % layout.columns) * (layout.width + PANEL_GAP.x);
    const above = rows.slice(0, row).reduce((sum, each) => sum + each + layout.between, 0);
    const y = Math.round(top + above);
    const title = fitText(panel.title, 13, layout.width);
    const font = `600 13px ${SANS}`;
    shapes.push(textShape({ lines: [title], x, y: y + 4, font, fill: ink.text, lineHeight: 18 }));
    const own = layout.legends[i];
    if (own) shapes.push(...legendShapes({ ...own, top: y + PANEL_HEAD }, panel.series, context, x));
    const height = Math.round(rows[row] ?? 0);
    const size = { theme: context.theme, lang: context.lang, width: layout.width, height, legend: false };
    const svg = draw(hasRows(panel) ? chartOption(panel, size) : {}, size, []);
    return svg.replace(/^<svg /, `<svg x="${x}" y="${y + PANEL_HEAD + layout.legendHeight}" `);
  });
  const outer = draw({}, context, shapes);
  return outer.replace(/<\/svg>\s*$/, () => `${inner.join('\n')}\n</svg>`);
}

/** Describes the picture, and gives its ids names of its own: the same rows always make the same bytes. */
function finish(svg: string, result: ExhibitResult, theme: Theme): string {
  const label = escapeMarkup([result.title, result.statement].filter(Boolean).join('. '));
  const prefix = `${result.id.replaceAll(/[^\w-]/g, '')}-${theme}-`;
  const names = new Map<string, string>();
  return printable(svg)
    .replaceAll(/\bzr\d+-(cls-|[a-z])\d+\b/g, (name, kind: string) => {
      const known = names.get(name) ?? `${prefix}${kind}${names.size}`;
      names.set(name, known);
      return known;
    })
    .replace(/<svg /, `<svg role="img" aria-label="${label}" `);
}
