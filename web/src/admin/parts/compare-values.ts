/** Numbers by size, texts by the alphabet; what is not known is equal to everything, as the table puts it last anyway. */
export function compareValues(
  a: string | number | null | undefined,
  b: string | number | null | undefined,
): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b);
  return 0;
}
