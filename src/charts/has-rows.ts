import type { ExhibitResult } from '../exhibits/contract.ts';

/** Whether there is anything to draw. */
export const hasRows = (result: ExhibitResult): boolean =>
  result.lacking.length === 0 && result.rows.length > 0;
