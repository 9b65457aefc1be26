/** What can be drawn from a door alone follows from what its records really state. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXHIBITS } from '../exhibits/registry.ts';
import { fieldsOf, LIVE_DOORS } from '../ingest/door-fields.ts';
import { formatNamed } from '../ingest/import.ts';
import { FORMATS } from '../ingest/registry.ts';
import { PROJECT } from '../testing/workspace.ts';
import { coverageOf, coverageText } from './door-coverage.ts';
import { guideOf } from './guides.ts';

const of = (format: string) => coverageOf(fieldsOf(formatNamed(format)) ?? [], EXHIBITS);

describe('coverage of a door', () => {
  it('says which field each missing exhibit needs', () => {
    const { drawn, missing } = of('openrouter-activity');
    expect(drawn).toContain('F25');
    expect(missing).toContainEqual({ field: 'country', exhibits: ['F24'] });
    expect(missing.find((m) => m.field === 'labels')?.exhibits).toContain('F22');
    expect(drawn.length + new Set(missing.flatMap((m) => m.exhibits)).size).toBe(EXHIBITS.length);
  });

  it('knows that rankings count no requests', () => {
    expect(of('openrouter-rankings').missing.map((m) => m.field)).toContain('requests');
  });

  it('does not promise tool calls of a source that names no reason but errors', () => {
    for (const format of ['litellm', 'langfuse'])
      expect(of(format).missing).toContainEqual({ field: 'finishReason', exhibits: ['F12'] });
  });

  it('is everything where a door can carry all fields', () => {
    const gateway = LIVE_DOORS.find((d) => d.door === 'gateway');
    expect(coverageOf(gateway?.has ?? [], EXHIBITS)).toMatchObject({ missing: [] });
    expect(coverageText(coverageOf(gateway?.has ?? [], EXHIBITS), EXHIBITS.length)).toBe(
      `${EXHIBITS.length} of ${EXHIBITS.length}`,
    );
  });

  it('comes with a guide that is there', () => {
    const doors = [...FORMATS.map((f) => [f.format, f.kind]), ...LIVE_DOORS.map((d) => [d.door, 'live'])];
    for (const [door = '', kind = ''] of doors) {
      const guide = guideOf(door, kind);
      expect(guide && existsSync(join(PROJECT, 'docs', guide)), door).toBe(true);
    }
  });

  it('is told for every format but those that need a mapping of the user', () => {
    for (const format of FORMATS) {
      const has = fieldsOf(format);
      if (format.kind === 'mapped') expect(has).toBeNull();
      else expect(has).toEqual(expect.arrayContaining(['id', 'createdAt', 'model', 'totalTokens', 'source']));
    }
  });
});
