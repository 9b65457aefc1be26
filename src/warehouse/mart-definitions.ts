/** The marts: one SQL file each, read once; which dimensions each one has decides which answers a question. */
import { readFileSync } from 'node:fs';
import { contentHash } from '../generation/ids.ts';

export interface MartDefinition {
  name: string;
  /** Dimensions beside day and model. */
  dimensions: readonly string[];
  /** The relation that the SQL reads: the records, or a mart that is built before. */
  reads: string;
  sql: string;
  /** Changes when the SQL does. */
  hash: string;
}

function define(name: string, dimensions: readonly string[], reads = 'lake'): MartDefinition {
  const file = new URL(`./marts/${name.replaceAll('_', '-')}.sql`, import.meta.url);
  const sql = readFileSync(file, 'utf8');
  return { name, dimensions, reads, sql, hash: contentHash(sql) };
}

/** In the order of building. A new mart is one SQL file and one line here. */
export const MARTS: readonly MartDefinition[] = [
  define('traffic_by_provider', ['variant', 'provider', 'byok']),
  define('traffic_by_country', ['country', 'region']),
  define('traffic_by_app', ['app']),
  define('traffic', [], 'traffic_by_provider'),
];

/** Cubes from the smallest to the largest: the first that has every dimension asked for answers. */
export const CUBES: readonly MartDefinition[] = [...MARTS].sort(
  (a, b) => a.dimensions.length - b.dimensions.length,
);

export const MEASURES = [
  'rows',
  'requests',
  'total_tokens',
  'prompt_tokens',
  'completion_tokens',
  'reasoning_tokens',
  'cached_tokens',
  'cost',
  'cost_tokens',
  'tool_call_tokens',
  'finish_reason_tokens',
  'tools_offered_tokens',
  'tools_known_tokens',
  'tools_offered_requests',
  'counted_tokens',
  'counted_prompt_tokens',
  'counted_completion_tokens',
  'counted_reasoning_tokens',
  'prompt_requests',
  'completion_requests',
  'reasoning_requests',
] as const;
