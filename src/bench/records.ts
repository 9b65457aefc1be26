/** Generated records for measuring: skewed like real traffic (few models and accounts carry most of it), seeded. */
import { type Engine, literal } from '../warehouse/engine.ts';

export interface RecordsOptions {
  rows: number;
  /** First day, ISO. */
  from: string;
  days: number;
  /** First number of the ids. */
  offset?: number;
}

/** A query of `rows` records with the record's own field names: 300 models, up to 60 providers, 1 M accounts. */
function recordsQuery({ rows, from, days, offset = 0 }: RecordsOptions): string {
  const step = (days * 86_400) / rows;
  return `
    WITH draw AS (
      SELECT i, hash(i, 1) / 18446744073709551615.0 AS a, hash(i, 2) / 18446744073709551615.0 AS b,
        hash(i, 3) / 18446744073709551615.0 AS c, hash(i, 4) / 18446744073709551615.0 AS d
      FROM range(${offset}, ${offset + rows}) AS t(i)
    ),
    picked AS (SELECT *, floor(pow(a, 2.5) * 300)::INT AS m FROM draw)
    SELECT
      'gen-' || (1700000000 + i) || '-' || substr(md5(i::VARCHAR), 1, 12) AS id,
      strftime(TIMESTAMP ${literal(from)} + to_microseconds(((i - ${offset}) * ${step * 1e6})::BIGINT), '%Y-%m-%d %H:%M:%S.%g') AS createdAt,
      'user-' || floor(pow(b, 3) * 1000000)::INT AS account,
      ['web', 'cli', 'ide', 'bot', 'batch'][1 + floor(c * 5)::INT] AS app,
      ['deepseek', 'openai', 'anthropic', 'google', 'qwen', 'meta-llama', 'mistralai', 'x-ai'][1 + m % 8] || '/model-' || m AS model,
      'provider-' || ((m * 7 + floor(pow(d, 3) * 6)::INT) % 60) AS provider,
      floor(200 + 9000 * b * c)::INT AS promptTokens,
      floor(20 + 800 * c * d)::INT AS completionTokens,
      CASE WHEN m % 3 = 0 THEN floor(10 + 400 * c * d * d)::INT END AS reasoningTokens,
      floor(100 * b * c)::INT AS cachedTokens,
      round(0.02 * a * b, 6) AS cost,
      ['stop', 'stop', 'tool_calls', 'length'][1 + floor(d * 4)::INT] AS finishReason,
      c < 0.4 AS toolsOffered,
      d < 0.9 AS streamed,
      a > 0.98 AS cancelled,
      b < 0.05 AS byok,
      ['US', 'US', 'DE', 'CN', 'IN', 'BR', 'GB', 'JP', 'FR', 'KR'][1 + floor(b * 10)::INT] AS country,
      floor(80 + 2000 * d)::INT AS latencyMs,
      floor(300 + 20000 * c)::INT AS durationMs
    FROM picked`;
}

/** The mapping that reads them back. */
export const RECORDS_MAPPING = `name: generated
fields:
${'id createdAt account app model provider promptTokens completionTokens reasoningTokens cachedTokens cost finishReason toolsOffered streamed cancelled byok country latencyMs durationMs'
  .split(' ')
  .map((f) => `  ${f}: ${f}`)
  .join('\n')}
`;

export async function writeRecords(
  engine: Engine,
  path: string,
  format: 'csv' | 'json',
  options: RecordsOptions,
): Promise<void> {
  const csv = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT json';
  await engine.run(`COPY (${recordsQuery(options)}) TO ${literal(path)} (${csv})`);
}
