/** The quick choices of time, counted back from the last day with data. */
const DAY = 86_400_000;

export type Preset = 'all' | 'weeks12' | 'months12';
export const PRESETS: readonly Preset[] = ['all', 'weeks12', 'months12'];

export interface Range {
  from?: string;
  to?: string;
}

/** Twelve weeks are whole weeks from a Monday on, the last one may be unfinished. */
export function presetRange(preset: Preset, lastDay: string | null): Range {
  if (preset === 'all' || lastDay === null) return {};
  const last = new Date(`${lastDay}T00:00:00Z`);
  if (preset === 'weeks12') {
    const monday = last.getTime() - ((last.getUTCDay() + 6) % 7) * DAY;
    return { from: isoDay(monday - 11 * 7 * DAY) };
  }
  return { from: isoDay(Date.UTC(last.getUTCFullYear(), last.getUTCMonth() - 11, 1)) };
}

export function presetOf(range: Range, lastDay: string | null): Preset | null {
  const same = (preset: Preset) => {
    const each = presetRange(preset, lastDay);
    return each.from === range.from && each.to === range.to;
  };
  return PRESETS.find(same) ?? null;
}

const isoDay = (time: number): string => new Date(time).toISOString().slice(0, 10);
