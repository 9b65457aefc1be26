/** A table drawn as text, for pictures; the page shows a real one. */
import type { Cell, ExhibitResult } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { printable } from './escape.ts';
import { showCell, shownColumns } from './table-cells.ts';
import { fitText, textWidth } from './text-width.ts';
import { INKS, SANS } from './theme.ts';
import { word } from './words.ts';

const MAX_ROWS = 40;
const ROW = 25;
const GAP = 18;

interface Column {
  label: string;
  numeric: boolean;
  cells: string[];
}

/** The columns that have a name, as they are shown. */
function columnsOf(result: ExhibitResult, context: ChartContext): Column[] {
  const infos = new Map(result.columnInfo.map((each) => [each.name, each]));
  const rows = result.rows.slice(0, MAX_ROWS);
  return shownColumns(result).map((name) => ({
    label: infos.get(name)?.label ?? name,
    numeric: rows.some((row) => typeof row[name] === 'number'),
    cells: rows.map((row) => {
      const cell: Cell = row[name] ?? null;
      const info = [...result.groups, ...result.series].find((each) => each.key === cell);
      return printable(info?.label ?? showCell(cell, infos.get(name)?.unit ?? 'text', context.lang));
    }),
  }));
}

export function tablePictureHeight(result: ExhibitResult): number {
  const more = result.rows.length > MAX_ROWS ? 1 : 0;
  return (Math.min(MAX_ROWS, result.rows.length) + 1 + more) * ROW + 14;
}

export function tablePicture(result: ExhibitResult, context: ChartContext): ChartOption {
  const ink = INKS[context.theme];
  const font = isNarrow(context) ? 11 : 13;
  const top = (context.insets?.top ?? 0) + 4;
  const [left, room] = [16, context.width - 32];
  const columns = columnsOf(result, context);
  const widths = fitted(columns, font, room);
  const rows = Math.min(MAX_ROWS, result.rows.length);
  const texts = columns.flatMap((column, i) => {
    const width = widths[i] ?? 0;
    const start = left + widths.slice(0, i).reduce((sum, each) => sum + each + GAP, 0);
    const place = { x: column.numeric ? start + width : start, align: align(column) };
    return [column.label, ...column.cells].map((text, row) => ({
      type: 'text' as const,
      silent: true,
      x: place.x,
      y: top + row * ROW + (ROW - font) / 2 - 1,
      style: {
        // A name that repeats the one above it is said once.
        text: row > 1 && i === 0 && column.cells[row - 2] === text ? '' : fitText(text, font, width + 2),
        align: place.align,
        font: `${row === 0 ? '600 ' : ''}${font}px ${SANS}`,
        fill: row === 0 ? ink.muted : ink.text,
      },
    }));
  });
  const rules = Array.from({ length: rows + 1 }, (_, row) => ({
    type: 'line' as const,
    silent: true,
    shape: { x1: left, x2: left + room, y1: top + (row + 1) * ROW, y2: top + (row + 1) * ROW },
    style: { stroke: row === 0 ? ink.line : ink.grid, lineWidth: 1 },
  }));
  const leftOut = result.rows.length - rows;
  const more = {
    type: 'text' as const,
    x: left,
    y: top + (rows + 1) * ROW + 6,
    silent: true,
    style: { text: word(context.lang, 'more', { count: leftOut }), fill: ink.muted, font: `12px ${SANS}` },
  };
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: SANS, color: ink.text },
    graphic: [...rules, ...texts, ...(leftOut > 0 ? [more] : [])],
  };
}

const align = (column: Column): 'left' | 'right' => (column.numeric ? 'right' : 'left');

/** Each column as wide as its texts; where that is too much, the widest columns give way first. */
function fitted(columns: Column[], font: number, room: number): number[] {
  const widths = columns.map((column) =>
    Math.ceil(Math.max(...[column.label, ...column.cells].map((text) => textWidth(text, font) * 1.06 + 2))),
  );
  const free = Math.max(40, room - GAP * (columns.length - 1));
  let over = widths.reduce((sum, each) => sum + each, 0) - free;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= 24) break;
    const at = widths.indexOf(widest);
    const next = Math.max(24, ...widths.filter((each) => each < widest));
    const cut = Math.min(over, Math.max(1, widest - next));
    widths[at] = widest - cut;
    over -= cut;
  }
  // What is left over is shared, so that the last column ends with the rules.
  const more = over < 0 && widths.length > 0 ? -over / widths.length : 0;
  return widths.map((each) => each + more);
}
