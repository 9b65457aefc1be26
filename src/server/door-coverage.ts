/** Which exhibits can be drawn from what a door's data carries alone, and what keeps the others. */
import type { Exhibit } from '../exhibits/define.ts';
import type { FieldName } from '../exhibits/requirements.ts';
import type { DoorField } from '../ingest/door.ts';
import type { JoinedAccounts } from '../warehouse/manifest.ts';

export interface Coverage {
  /** Ids of exhibits that can be drawn. */
  drawn: string[];
  /** Each lacking field with the exhibits that need it; one that needs two stands at both. */
  missing: { field: FieldName; exhibits: string[] }[];
}

/** A join file gives a country to whatever names accounts. */
export const fieldsWith =
  (accounts: JoinedAccounts | undefined) =>
  (has: readonly DoorField[]): readonly DoorField[] =>
    accounts?.countries && has.includes('account') && !has.includes('country') ? [...has, 'country'] : has;

export function coverageOf(has: readonly string[], exhibits: readonly Exhibit[]): Coverage {
  const drawn = exhibits.filter((e) => e.needs.every((field) => has.includes(field)));
  const fields = [...new Set(exhibits.flatMap((e) => e.needs))].filter((field) => !has.includes(field));
  return {
    drawn: drawn.map((e) => e.id),
    missing: fields.map((field) => ({
      field,
      exhibits: exhibits.filter((e) => e.needs.includes(field)).map((e) => e.id),
    })),
  };
}

/** `19 of 32; needs country: F24; needs labels: F6, F7 …` */
export function coverageText({ drawn, missing }: Coverage, of: number): string {
  const lacking = missing.map(({ field, exhibits }) => `; needs ${field}: ${exhibits.join(', ')}`);
  return `${drawn.length} of ${of}${lacking.join('')}`;
}
