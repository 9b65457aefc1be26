/** Money as it is kept: whole nano-dollars (10⁻⁹ USD), so that sums do not drift. */

const NANO = 1e9;
/** USD; more than this in one limit or credit is refused: nano-dollars of more are no exact integers. */
export const MOST_USD = 9e6;

/** USD as whole nano-dollars, rounded to the nearest; at most what an integer of JavaScript holds exactly. */
export const toNano = (usd: number): number => Math.min(Math.round(usd * NANO), Number.MAX_SAFE_INTEGER);

/** Nano-dollars (from SQL they may come as text) as USD. */
export const toUsd = (nano: number | string | bigint): number => Number(nano) / NANO;
