/**
 * Generated records in the lake's own columns, for measuring marts and exhibits: labels, languages and accounts included.
 * Few models and accounts carry most of the traffic; of the accounts that come new in a month about a third come back in
 * the next, fewer later; an account keeps to one to four models, one country and mostly one application; four
 * generations in a thousand are labelled.
 */
import { FIELDS } from '../generation/generation.ts';
import { column, sqlType } from '../warehouse/columns.ts';
import { literal } from '../warehouse/engine.ts';
import type { Dataset } from '../warehouse/warehouse.ts';
import type { RecordsOptions } from './records.ts';

/** More rows than this are loaded in several pieces. */
const ROWS_A_PIECE = 5e6;

const AUTHORS = ['deepseek', 'openai', 'anthropic', 'google', 'qwen', 'meta-llama', 'mistralai', 'x-ai'];
const COUNTRIES =
  'US US US US DE DE CN CN IN IN BR GB JP FR KR CA NL SG TW ID RU PL ES IT MX TR VN TH AU SE CH UA AR CL NG ZA EG KE NZ IL';
const LANGUAGES = 'en en en en en en en en zh-Hans ru es th de fr ja pt ko';
const PATHS = [
  '/Computers & Electronics/Programming/Other',
  '/Computers & Electronics/Programming/Development Tools',
  '/Games/Roleplaying Games',
  '/Science/Computer Science/Machine Learning & Artificial Intelligence',
  '/Reference/Language Resources/Foreign Language Resources',
  '/Health/Mental Health',
  '/Finance/Investing',
  '/Law & Government/Legal/Other',
  '/Computers & Electronics/Software/Intelligent Personal Assistants',
  '/Books & Literature/Writers Resources',
  '/Jobs & Education/Education/Other',
  '/Sports/Team Sports',
];

const among = (words: readonly string[], fraction: string): string =>
  `[${words.map(literal).join(', ')}][1 + floor((${fraction}) * ${words.length})::INT]`;

/** So many accounts come new in a month for each record of a year: 80,000 for 50 million. */
const NEW_ACCOUNTS = 0.0016;

export interface LakeRecordsOptions extends RecordsOptions {
  /** Records of the whole year, by which the number of accounts is set; `rows` without it. */
  yearRows?: number;
}

/** A relation of the lake's columns, as `stage` takes it. */
function lakeRecords(options: LakeRecordsOptions): string {
  const { rows, from, days, offset = 0 } = options;
  const accounts = Math.max(1, Math.round((options.yearRows ?? rows) * NEW_ACCOUNTS));
  const step = (days * 86_400) / rows;
  // One number is hashed, not two: hashes of pairs differ only by a constant's bits, which ties the draws together.
  const draw = (of: string, salt: number | string) =>
    `(hash(${of}::BIGINT * 64 + ${salt}) / 18446744073709551615.0)`;
  const time = `TIMESTAMP ${literal(from)} + to_microseconds(((i - ${offset}) * ${step * 1e6})::BIGINT)`;
  const values: Record<string, string> = {
    id: "'gen-' || (1700000000 + i) || '-' || substr(md5(i::VARCHAR), 1, 12)",
    createdAt: time,
    requests: '1',
    account: "lpad(lower(hex(hash(a))), 16, '0')",
    app: among(['web', 'cli', 'ide', 'bot', 'batch'], `${draw('a', 3)} * 0.7 + ${draw('i', 4)} * 0.29`),
    model: `${among(AUTHORS, '(m % 8) / 8.0')} || '/model-' || m`,
    variant: `CASE WHEN ${draw('a', 5)} < 0.1 THEN 'free' END`,
    provider: `'provider-' || ((m * 7 + floor(pow(d, 3) * 6)::INT) % 60)`,
    // Routed by place.
    region: among(['us-east', 'us-west', 'eu-west', 'asia-east'], `${draw('a', 8)} * 0.999`),
    promptTokens: 'floor(200 + 9000 * b * c)::BIGINT',
    completionTokens: 'floor(20 + 800 * c * d)::BIGINT',
    totalTokens: 'floor(200 + 9000 * b * c)::BIGINT + floor(20 + 800 * c * d)::BIGINT',
    reasoningTokens: 'CASE WHEN m % 3 = 0 THEN floor(10 + 10 * c * d)::BIGINT END',
    cachedTokens: 'floor(100 * b * c)::BIGINT',
    cost: 'round(0.02 * c * b, 6)',
    byok: `${draw('a', 7)} < 0.05`,
    streamed: 'd < 0.9',
    cancelled: 'c > 0.98',
    toolsOffered: 'c < 0.4',
    finishReason: among(['stop', 'stop', 'tool_calls', 'length'], 'd * 0.999'),
    latencyMs: 'floor(80 + 2000 * d)',
    durationMs: 'floor(300 + 20000 * c)',
    country: among(COUNTRIES.split(' '), `${draw('a', 8)} * 0.999`),
    language: among(LANGUAGES.split(' '), `${draw('a', 9)} * 0.6 + ${draw('i', 10)} * 0.39`),
    labels: `CASE WHEN sampled THEN [{'path': ${among(PATHS, `${draw('a', 11)} * 0.5 + b * 0.49`)}, 'confidence': 0.4 + 0.6 * d}] END`,
    classifier: "CASE WHEN sampled THEN 'bench@1' END",
    sampleRate: 'CASE WHEN sampled THEN 0.004 END',
    source: "'bench'",
  };
  const columns = FIELDS.map((f) => `(${values[f.name] ?? 'NULL'})::${sqlType(f)} AS ${column(f)}`);
  return `
    WITH draw AS (
      SELECT i, ${draw('i', 1)} AS r, ${draw('i', 2)} AS b, ${draw('i', 3)} AS c, ${draw('i', 12)} AS d,
        ${draw('i', 13)} < 0.004 AS sampled, ${draw('i', 16)} AS e
      FROM range(${offset}, ${offset + rows}) AS t(i)
    ),
    -- Half of the traffic is of accounts that are new in their month, the rest of those that came up to 11 months before.
    aged AS (
      SELECT *, CASE WHEN e < 0.5 THEN 0 ELSE 1 + floor(pow((e - 0.5) * 2, 2) * 11)::INT END AS age,
        datediff('month', DATE '2020-01-01', (${time})::DATE) AS month
      FROM draw
    ),
    owned AS (
      SELECT *, (month - age) * ${accounts}
        + floor(pow(r, 3) * ${accounts} * CASE age WHEN 0 THEN 1 ELSE 0.35 * pow(0.9, age) END)::INT AS a
      FROM aged
    ),
    picked AS (
      SELECT *, floor(pow(${draw('a', `floor(${draw('i', 14)} * (1 + hash(a * 64 + 15) % 4))::BIGINT + 20`)}, 2.5) * 300)::INT AS m FROM owned
    )
    SELECT ${columns.join(', ')}, false AS reject FROM picked`;
}

/** Loads generated records into a dataset, without settling it. */
export async function loadRecords(dataset: Dataset, options: LakeRecordsOptions): Promise<void> {
  const pieces = Math.max(1, Math.ceil(options.rows / ROWS_A_PIECE));
  for (let piece = 0; piece < pieces; piece++) {
    const [first, end] = [piece, piece + 1].map((n) => Math.round((options.rows * n) / pieces)) as [
      number,
      number,
    ];
    const start =
      Date.parse(`${options.from}T00:00:00Z`) + (options.days * 86_400_000 * first) / options.rows;
    const relation = lakeRecords({
      rows: end - first,
      yearRows: options.yearRows ?? options.rows,
      from: new Date(start).toISOString().replace('T', ' ').slice(0, 19),
      days: (options.days * (end - first)) / options.rows,
      offset: (options.offset ?? 0) + first,
    });
    await dataset.publish(await dataset.stage(relation), { source: 'bench' });
  }
}
