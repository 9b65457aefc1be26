/** `--since`: a date, a time or a duration before now. */
import { StateaiError } from '../../generation/errors.ts';
import { parseTime } from '../../generation/validate.ts';
import { DAY, HOUR, MINUTE } from './source.ts';

const UNITS: Record<string, number> = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/**
 * `2026-01-01`, `2026-01-01T08:00`, `2026-01-01T08:00:00+02:00`, `90m`, `24h`, `7d`, `2w`; times without an offset are UTC.
 * @returns milliseconds
 * @throws `bad_since`
 */
export function parseSince(text: string, now: number): number {
  const duration = /^(\d{1,5})([mhdw])$/.exec(text.trim());
  if (duration) return now - Number(duration[1]) * (UNITS[duration[2] as string] as number);
  const time = parseTime(text);
  if (!(time >= 0))
    throw new StateaiError(
      'bad_since',
      `--since ${JSON.stringify(text.slice(0, 40))} is neither a date nor a duration`,
      'Examples: --since 2026-01-01, --since 2026-01-01T08:00:00Z, --since 24h, --since 7d.',
    );
  if (time > now)
    throw new StateaiError(
      'bad_since',
      `--since ${text.slice(0, 40)} lies in the future`,
      'Give a time that has passed; times without an offset are UTC.',
    );
  return time;
}
