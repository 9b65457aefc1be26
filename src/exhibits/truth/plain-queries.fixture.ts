/**
 * The plain queries: each exhibit's definition as the shortest SQL over raw records, in an engine of its own. Knows nothing
 * of lake files, marts and views. Beside the records it is given what they do not hold: the catalog's facts of a model, the
 * roll-up's category of a label, the continent of a country.
 */
import { readFileSync } from 'node:fs';
import type { Catalog } from '../../catalog/contract.ts';
import { CONTINENT_OF } from '../../catalog/regions.ts';
import type { Rollup } from '../../classify/rollup.ts';
import { literal, openEngine } from '../../warehouse/engine.ts';
import type { Cell, ExhibitResult, Grain, Row } from '../contract.ts';

export interface PlainSelection {
  grain?: Grain;
  from?: string;
  to?: string;
  /** A condition on the columns of `known` (see `plain-queries/known.sql`). */
  where?: string;
}

export interface Plain {
  select(selection: PlainSelection): Promise<void>;
  /** The rows that an exhibit must have under the selection. */
  rows(id: string): Promise<Row[]>;
  /** The periods of the selection. One in which labels begin is partial where the rows say so. */
  periods(rows: readonly Row[]): Promise<ExhibitResult['periods']>;
  close(): void;
}

const textOf = (name: string): string =>
  readFileSync(new URL(`./plain-queries/${name}.sql`, import.meta.url), 'utf8');

/** What the queries read of a record; one that lacks a column states it nowhere. */
const NO_RECORDS = `SELECT '' AS id, TIMESTAMP '1970-01-01' AS created_at, 0::BIGINT AS requests, '' AS account, '' AS app, '' AS model,
  '' AS provider, 0::BIGINT AS prompt_tokens, 0::BIGINT AS completion_tokens, 0::BIGINT AS total_tokens, 0::BIGINT AS reasoning_tokens,
  0.0::DOUBLE AS "cost", false AS byok, false AS tools_offered, '' AS finish_reason, '' AS country, '' AS "language",
  [{'path': '', 'confidence': 0.0::DOUBLE}] AS labels, 0.0::DOUBLE AS sample_rate
WHERE false`;

/** @param records a SELECT of the record's own columns, of as many as there are */
export async function openPlain(records: string, catalog: Catalog, rollup: Rollup): Promise<Plain> {
  const engine = await openEngine();
  const table = (name: string, columns: string, rows: readonly (readonly (string | boolean | null)[])[]) =>
    engine.run(
      `CREATE TEMP TABLE ${name} (${columns});
       ${rows.length > 0 ? `INSERT INTO ${name} VALUES ${rows.map((row) => `(${row.map(sqlOf).join(', ')})`).join(', ')}` : ''}`,
    );
  await engine.run(`CREATE TEMP TABLE records AS ${NO_RECORDS} UNION ALL BY NAME (${records})`);
  const slugs = await engine.query<{ model: string }>('SELECT DISTINCT model FROM records');
  await table(
    'facts',
    'slug TEXT, model TEXT, model_name TEXT, author TEXT, author_name TEXT, openness TEXT, origin TEXT, size TEXT, reasoning BOOLEAN',
    slugs.map(({ model: slug }) => {
      const m = catalog.resolve(slug);
      return [slug, m.model, m.name, m.author, m.authorName, m.openness, m.origin, m.size, m.reasoning];
    }),
  );
  await table('continents', 'country TEXT, continent TEXT', [...CONTINENT_OF]);
  const paths = await engine.query<{ path: string }>(
    'SELECT DISTINCT unnest(labels).path AS path FROM records',
  );
  const pairs = paths.flatMap(({ path }) =>
    [null, ...paths.map((p) => p.path)].map((second) => ({ path, second })),
  );
  await table(
    'categories',
    'path TEXT, second_path TEXT, category TEXT, tag TEXT',
    pairs.map(({ path, second }) => {
      const { category, tag } = rollup.resolve(path, second);
      return [path, second, category, tag];
    }),
  );
  await engine.run(textOf('known'));

  let chosen: PlainSelection = {};
  const filled = (sql: string): string => {
    const { grain = 'week', from, to, where = 'true' } = chosen;
    const day = (text: string | undefined) => (text ? `DATE ${literal(text)}` : 'NULL::DATE');
    const values: Record<string, string> = { grain: literal(grain), from: day(from), to: day(to), where };
    return sql.replaceAll(/\$(\w+)/g, (_, name: string) => values[name] ?? '');
  };
  return {
    async select(selection) {
      chosen = selection;
      await engine.run(filled(textOf('selected')));
    },
    rows: (id) => engine.query<Row>(filled(textOf(id.toLowerCase()))),
    async periods(rows) {
      const partial = new Set(rows.filter((r) => r.partial).map((r) => r.period));
      const all = await engine.query<{ period: string; partial: boolean }>('FROM calendar ORDER BY period');
      return all.map((each) => ({ ...each, partial: each.partial || partial.has(each.period) }));
    },
    close: () => engine.close(),
  };
}

const sqlOf = (value: string | boolean | null): string =>
  typeof value === 'string' ? literal(value) : String(value);

/** Columns that depend on the reader's language. */
const WORDS: Record<string, readonly string[]> = { F26: ['name'], T2: ['name'], T3: ['segment_name'] };

/** Every difference between an exhibit's rows and the plain ones, in their order; empty when there is none. */
export function differences(id: string, result: ExhibitResult, plain: readonly Row[]): string[] {
  const found: string[] = [];
  if (result.rows.length !== plain.length) found.push(`${result.rows.length} rows for ${plain.length}`);
  const names = Object.keys(plain[0] ?? {});
  const words = WORDS[id] ?? [];
  // Intervals have a reference of their own.
  const columns = result.columns.filter((name) => name !== 'low' && name !== 'high');
  if (plain.length > 0 && [...columns].sort().join() !== [...names, ...words].sort().join())
    found.push(`columns ${result.columns} for ${names}`);
  for (const [i, expected] of plain.entries()) {
    const row = result.rows[i] ?? {};
    const wrong = names.filter((name) => !same(row[name], expected[name]));
    if (wrong.length > 0) found.push(`${JSON.stringify(row)} for ${JSON.stringify(expected)}: ${wrong}`);
  }
  return found;
}

/** Whole numbers exactly; sums of fractions to what their order changes. */
function same(a: Cell | undefined, b: Cell | undefined): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  if (Number.isInteger(a) && Number.isInteger(b)) return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.abs(b);
}
