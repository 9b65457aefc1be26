/** Service tiers in the words of providers: a closed set, so that no other word of an answer is kept for one. */

const PLAIN = ['auto', 'default', 'standard', 'standard_only', 'on_demand'];
/** They are charged otherwise than by the plain prices. */
const APART = ['flex', 'priority', 'scale', 'batch', 'performance'];
const ALL = [...PLAIN, ...APART];

/** null = none that is known. */
export const serviceTierOf = (value: unknown): string | null => ALL.find((tier) => tier === value) ?? null;

export const isPricedApart = (tier: string | null): tier is string => tier !== null && APART.includes(tier);
