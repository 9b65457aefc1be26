/** What `--since` understands. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSince } from './since.ts';

const NOW = Date.parse('2026-06-15T12:00:00Z');

describe('--since', () => {
  it.each([
    ['2026-01-01', '2026-01-01T00:00:00Z'],
    ['2026-01-01T08:30', '2026-01-01T08:30:00Z'],
    ['2026-01-01 08:30:15', '2026-01-01T08:30:15Z'],
    ['2026-01-01T08:30:15.250Z', '2026-01-01T08:30:15.250Z'],
    ['2026-01-01T08:30:00+02:00', '2026-01-01T06:30:00Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['90m', '2026-06-15T10:30:00Z'],
    ['24h', '2026-06-14T12:00:00Z'],
    ['7d', '2026-06-08T12:00:00Z'],
    ['2w', '2026-06-01T12:00:00Z'],
  ])('%s', (text, time) => {
    expect(new Date(parseSince(text, NOW)).toISOString()).toBe(new Date(time).toISOString());
  });

  it.each([
    '',
    'yesterday',
    '2026',
    '2026-13-01',
    '2026-02-30',
    '2026-01-01T25:00',
    '7',
    '7y',
    '-7d',
    '01/02/2026',
    '2026-06-16',
  ])('%s is refused', (text) => {
    expect(() => parseSince(text, NOW)).toThrow(expect.objectContaining({ code: 'bad_since' }));
  });

  it('is a time that has passed, or an error that explains', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date({ noInvalidDate: true }).map((d) => d.toISOString()),
        ),
        (text) => {
          try {
            expect(parseSince(text, NOW)).toBeLessThanOrEqual(NOW);
          } catch (error) {
            expect(error).toMatchObject({ code: 'bad_since' });
          }
        },
      ),
    );
  });
});
