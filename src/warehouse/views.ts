/**
 * The relations that exhibits read. Filters, date range and grain live here, in views, so that an exhibit's query is
 * plain SQL that never changes. Only the views that a query mentions are made: the others' files stay closed.
 */
import { CONTINENT_OF } from '../catalog/regions.ts';
import { ACCOUNT_FACTS, withAccountFacts } from './account-join.ts';
import { cohortViews } from './cohort-views.ts';
import { identifier, literal } from './engine.ts';
import {
  conditions,
  FILTER_KEYS,
  type FilterKey,
  keysOf,
  narrowsModels,
  recordColumns,
  type Selection,
} from './filters.ts';
import { LABELLED, LANGUAGE_MEASURES, MEASURES, type Measure, PLACE_MEASURES } from './mart-definitions.ts';
import { martSource, sumsBy } from './mart-source.ts';
import type { Period } from './periods.ts';
import type { View, ViewInput } from './view-input.ts';

export { FILTER_KEYS, FILTERS, type FilterKey, type Selection } from './filters.ts';
export { type Grain, type Period, periodsOf } from './periods.ts';
export type { View } from './view-input.ts';

const ALL_BUT_CATEGORY = FILTER_KEYS.filter((key) => key !== 'category');

/** What a query may read, and the filters that each can take. */
export const VIEWS: Readonly<Record<string, readonly FilterKey[]>> = {
  traffic: ALL_BUT_CATEGORY,
  places: ALL_BUT_CATEGORY,
  languages: ALL_BUT_CATEGORY,
  labelled: FILTER_KEYS,
  cohorts: [
    'author',
    'model',
    'open',
    'origin',
    'size',
    'reasoning',
    'country',
    'region',
    'account_class',
    'team',
  ],
  models: FILTER_KEYS,
  periods: FILTER_KEYS,
};

/** The views that a query mentions. Comments and strings do not count. */
export function viewsIn(query: string): string[] {
  const words = query
    // Texts and comments in one pass: an apostrophe in a comment opens no text, two dashes in a text no comment.
    .replaceAll(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .toLowerCase();
  return Object.keys(VIEWS).filter((name) => new RegExp(`\\b${name}\\b`).test(words));
}

/** The views that can take all filters of a selection. */
export const viewsTaking = (selection: Selection): string[] =>
  Object.keys(VIEWS).filter((name) => keysOf(selection).every((key) => VIEWS[name]?.includes(key)));

/** Filters of a selection that a view of the query cannot take, each with the first such view. */
export function filtersNotTaken(query: string, selection: Selection): { filter: FilterKey; view: string }[] {
  const views = viewsIn(query);
  return keysOf(selection).flatMap((filter) => {
    const view = views.find((name) => !VIEWS[name]?.includes(filter));
    return view ? [{ filter, view }] : [];
  });
}

/** @param names which of `VIEWS` to make */
export function makeViews(names: readonly string[], input: ViewInput): View[] {
  const wanted = (name: string) => names.includes(name);
  const dated = ['traffic', 'places', 'languages', 'labelled'].some(wanted);
  const views: View[] = [];
  if (dated || wanted('cohorts') || wanted('models'))
    views.push({ name: 'models', sql: `SELECT * FROM read_parquet(${literal(input.models)})`, small: true });
  if (wanted('periods')) views.push({ name: 'periods', sql: periodsSql(input.periods), small: true });
  if (wanted('traffic')) views.push({ name: 'traffic', sql: trafficSql(input) });
  if (wanted('places'))
    views.push(
      { name: 'continents', sql: continentsSql(), small: true },
      { name: 'places', sql: placesSql(input) },
    );
  if (wanted('languages')) views.push({ name: 'languages', sql: languagesSql(input) });
  if (wanted('labelled'))
    views.push(
      { name: 'label_paths', sql: pathsSql(input), small: true },
      { name: 'label_rows', sql: labelRowsSql(input), ...(input.keepLabels ? { kept: true } : {}) },
      { name: 'labelled', sql: labelledSql(input) },
    );
  if (wanted('cohorts')) views.push(...cohortViews(input));
  return views;
}

function periodsSql(periods: readonly Period[]): string {
  if (periods.length === 0) return "SELECT DATE '1970-01-01' AS period, false AS partial WHERE false";
  const values = periods.map((p) => `(DATE ${literal(p.period)}, ${p.partial})`);
  return `SELECT * FROM (VALUES ${values.join(', ')}) AS p(period, partial)`;
}

function continentsSql(): string {
  const values = [...CONTINENT_OF].map(
    ([country, continent]) => `(${literal(country)}, ${literal(continent)})`,
  );
  return `SELECT * FROM (VALUES ${values.join(', ')}) AS c(country, continent)`;
}

/** Facts of a model that the views show. */
const MODEL_FACTS =
  'm.model, m.model_name, m.author, m.author_name, m.openness, m.origin, m.source_group, m.size, m.reasoning';

function trafficSql(input: ViewInput): string {
  return `SELECT ${periodOf(input)}, c."day", ${MODEL_FACTS}, m.released,
  ${MEASURES.map((m) => `c.${identifier(m)}`).join(', ')}
FROM (${sums(input, ['day', 'model'], MEASURES)}) AS c
JOIN models AS m ON m.slug = c.model
${within(input, 'm')}`;
}

function placesSql(input: ViewInput): string {
  return `SELECT ${periodOf(input)}, c."day", c.country, coalesce(w.continent, 'unknown') AS continent,
  ${PLACE_MEASURES.map((m) => `c.${identifier(m)}`).join(', ')}
FROM (${sums(input, ['day', 'country'], PLACE_MEASURES)}) AS c
LEFT JOIN continents AS w ON w.country = c.country${joinModels(input)}
${within(input, 'm')}`;
}

/** BCP 47 as it is written: `en`, `zh-Hans`, `pt-BR`, whatever the case of the source; `und` is what nobody knows. */
const LANGUAGE = `CASE WHEN lower(c."language") NOT IN ('und', 'unknown') THEN array_to_string(list_transform(
    string_split(replace(c."language", '_', '-'), '-'),
    lambda part, i: CASE WHEN i = 1 THEN lower(part) WHEN length(part) = 4 THEN upper(part[1]) || lower(part[2:])
      WHEN length(part) = 2 THEN upper(part) ELSE lower(part) END), '-') END`;

function languagesSql(input: ViewInput): string {
  return `SELECT ${periodOf(input)}, c."day", ${LANGUAGE} AS "language",
  ${LANGUAGE_MEASURES.map((m) => `c.${identifier(m)}`).join(', ')}
FROM (${sums(input, ['day', 'language'], LANGUAGE_MEASURES)}) AS c${joinModels(input)}
${within(input, 'm')}`;
}

const joinModels = ({ selection }: ViewInput): string =>
  narrowsModels(selection) ? '\nJOIN models AS m ON m.slug = c.model' : '';

function sums(input: ViewInput, dimensions: readonly string[], measures: readonly Measure[]): string {
  const { selection } = input;
  const also = [...recordColumns(selection), ...(narrowsModels(selection) ? ['model'] : [])];
  return sumsBy(input, [...new Set([...dimensions, ...also])], measures, input.largeAccounts);
}

const LABEL_COLUMNS = [
  'day',
  'account',
  'confidence',
  'requests',
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'cost',
  'byok',
  'country',
  'region',
  'app',
  'provider',
  'variant',
  'sample_rate',
];

/** The labelled sample with what its models and paths are, the same whatever is selected; facts of accounts where asked for. */
function labelRowsSql(input: ViewInput): string {
  const facts = recordColumns(input.selection).filter((column) => ACCOUNT_FACTS.includes(column));
  const rows = martSource(input, LABELLED, [...LABEL_COLUMNS, 'model', 'path', 'second_path']);
  const columns = [...LABEL_COLUMNS, ...facts].map((column) => `l.${identifier(column)}`);
  return `SELECT ${columns.join(', ')}, ${MODEL_FACTS}, l.path,
  coalesce(r.category, 'other') AS category, coalesce(r.tag, 'other') AS tag,
  CASE WHEN l.byok IS DISTINCT FROM true THEN l."cost" END AS paid_cost,
  CASE WHEN l."cost" IS NOT NULL AND l.byok IS DISTINCT FROM true THEN l.total_tokens END AS paid_tokens,
  CASE WHEN l.sample_rate > 0 THEN 1 / l.sample_rate ELSE 1 END AS weight
FROM (${withAccountFacts(rows, facts, input.largeAccounts, input)}) AS l
LEFT JOIN label_paths AS r ON r.path = l.path AND r.second_path IS NOT DISTINCT FROM l.second_path
JOIN models AS m ON m.slug = l.model`;
}

function labelledSql(input: ViewInput): string {
  return `SELECT ${periodOf(input, input.labelsFrom)}, c.*
FROM label_rows AS c
${within(input, 'c')}`;
}

function pathsSql({ paths }: ViewInput): string {
  return paths
    ? `SELECT * FROM read_parquet(${literal(paths)})`
    : "SELECT NULL::VARCHAR AS path, NULL::VARCHAR AS second_path, 'other' AS category, 'other' AS tag WHERE false";
}

/**
 * The period of each row's day.
 * @param since the first day with such rows: a period that it lies within is not whole, whatever the records cover
 */
function periodOf({ selection, periods }: ViewInput, since: string | null = null): string {
  const days = periods.filter((p) => p.partial).map((p) => `DATE ${literal(p.period)}`);
  const partial = [
    ...(days.length > 0 ? [`period IN (${days.join(', ')})`] : []),
    ...(since ? [`period < DATE ${literal(since)}`] : []),
  ];
  return `date_trunc(${literal(selection.grain)}, c."day")::DATE AS period, ${partial.join(' OR ') || 'false'} AS partial`;
}

/** The conditions of the selection. @param models the relation that has the facts of models */
function within({ selection }: ViewInput, models: string): string {
  const all = conditions(selection, { model: models, record: 'c', label: 'c' });
  if (selection.from) all.push(`c."day" >= DATE ${literal(selection.from)}`);
  if (selection.to) all.push(`c."day" <= DATE ${literal(selection.to)}`);
  return all.length > 0 ? `WHERE ${all.join('\n  AND ')}` : '';
}
