/** Dashed lines at notable releases, with labels in as many lanes as it takes for none to meet another. */
import type { LineSeriesOption } from 'echarts/charts';
import type { ExhibitResult, Grain } from '../exhibits/contract.ts';
import { utc } from './format.ts';
import { fitText, textWidth } from './text-width.ts';
import type { Ink } from './theme.ts';

const FONT = 11;
const LANE = 15;
const MAX_LANES = 6;

export interface PlacedRelease {
  index: number;
  x: number;
  text: string;
  /** Which side of its line the label stands on. */
  side: 'left' | 'right';
  /** 0 is next to the plot. null: no room for the label, only the line is drawn. */
  lane: number | null;
}

type MarkLineEnds = Extract<
  NonNullable<NonNullable<LineSeriesOption['markLine']>['data']>[number],
  unknown[]
>;

interface Room {
  left: number;
  width: number;
  columns: boolean;
}

/** Releases inside the range, those of one period together. */
export function releasesByPeriod(result: ExhibitResult): Map<number, string> {
  const labels = new Map<number, string>();
  for (const release of result.releases) {
    const index = periodIndex(result, release.date);
    if (index === -1) continue;
    const before = labels.get(index);
    labels.set(index, before === undefined ? release.label : `${before} · ${release.label}`);
  }
  return labels;
}

function periodIndex(result: ExhibitResult, date: string): number {
  const day = date.slice(0, 10);
  const index = result.periods.findLastIndex((each) => each.period <= day);
  if (index === result.periods.length - 1 && day >= periodEnd(result, index)) return -1;
  return index;
}

function periodEnd(result: ExhibitResult, index: number): string {
  const start = utc(result.periods[index]?.period ?? '');
  if (Number.isNaN(start.getTime())) return '';
  const grain: Grain = result.provenance.filters.grain;
  if (grain === 'month') start.setUTCMonth(start.getUTCMonth() + 1);
  else start.setUTCDate(start.getUTCDate() + (grain === 'week' ? 7 : 1));
  return start.toISOString().slice(0, 10);
}

export function placeReleases(result: ExhibitResult, room: Room): PlacedRelease[] {
  const count = result.periods.length;
  const end = room.left + room.width;
  const placed = [...releasesByPeriod(result)]
    .sort(([a], [b]) => a - b)
    .map(([index, label]): PlacedRelease => {
      const share = room.columns || count < 2 ? (index + 0.5) / count : index / (count - 1);
      const text = fitText(label, FONT, Math.min(300, room.width * 0.6));
      return { index, x: room.left + share * room.width, text, side: 'right', lane: null };
    });
  for (const each of placed.toReversed()) {
    const width = labelWidth(each);
    const crossed = placed.some((other) => other.side === 'left' && within(other.x, each.x, each.x + width));
    if ((each.x + width > end || crossed) && each.x - width >= room.left) each.side = 'left';
  }
  // A label stands above every line that runs through its place: those are laid first.
  const rightward = placed.filter((each) => each.side === 'right').toReversed();
  const leftward = placed.filter((each) => each.side === 'left');
  const laid: PlacedRelease[] = [];
  for (const each of [...rightward, ...leftward]) {
    const [from, to] = span(each);
    const lanes = laid
      .filter((other) => within(other.x, from, to) || overlaps(span(other), [from, to]))
      .map((other) => other.lane ?? -1);
    const lane = Math.max(-1, ...lanes) + 1;
    each.lane = lane < MAX_LANES ? lane : null;
    if (each.lane !== null) laid.push(each);
  }
  return placed;
}

const labelWidth = (each: PlacedRelease): number => textWidth(each.text, FONT) + 10;
const span = (each: PlacedRelease): [number, number] =>
  each.side === 'right' ? [each.x, each.x + labelWidth(each)] : [each.x - labelWidth(each), each.x];
const within = (x: number, from: number, to: number): boolean => x > from - 2 && x < to + 2;
const overlaps = (a: [number, number], b: [number, number]): boolean => a[0] < b[1] && b[0] < a[1];

/** Pixels that the lanes take above the plot. */
export function releaseHeight(placed: PlacedRelease[]): number {
  const lanes = placed.map((each) => each.lane ?? -1);
  return (Math.max(-1, ...lanes) + 1) * LANE;
}

export function releaseLines(
  placed: PlacedRelease[],
  plotTop: number,
  ink: Ink,
): LineSeriesOption['markLine'] {
  if (placed.length === 0) return undefined;
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    lineStyle: { type: [3, 3], color: ink.text, width: 1, opacity: 0.7 },
    // A pale line under the dashes keeps them in sight on dark areas.
    data: placed.flatMap((each): MarkLineEnds[] => {
      const y = plotTop - (each.lane === null ? 0 : each.lane * LANE + 12);
      const foot = { xAxis: each.index, yAxis: 0 };
      const halo = { type: 'solid' as const, color: ink.paper, width: 2.5, opacity: 0.4 };
      return [
        [{ xAxis: each.index, y, lineStyle: halo, label: { show: false } }, foot],
        [{ xAxis: each.index, y, label: releaseLabel(each, ink) }, foot],
      ];
    }),
  };
}

function releaseLabel(each: PlacedRelease, ink: Ink) {
  const right = each.side === 'right';
  return {
    show: each.lane !== null,
    position: 'start' as const,
    distance: 0,
    formatter: () => each.text,
    align: right ? ('left' as const) : ('right' as const),
    verticalAlign: 'middle' as const,
    offset: [right ? 4 : -4, 2],
    fontSize: FONT,
    color: ink.muted,
    opacity: 1,
    rotate: 0,
  };
}
