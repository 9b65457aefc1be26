/** Runs an exhibit on a dataset: views, queries, then words. Knows no engine and no HTTP; it is given a reader. */
import type { Catalog } from '../catalog/contract.ts';
import { type Lang, message, messageOrNull } from '../messages/messages.ts';
import { spaced } from '../messages/spacing.ts';
import { absentNotes } from './absent-notes.ts';
import { languageName } from './amounts.ts';
import { columnInfos, columnsOf } from './columns.ts';
import type { Cell, ExhibitInfo, ExhibitResult, Grain, Row } from './contract.ts';
import type { Exhibit } from './define.ts';
import { filterName } from './filter-name.ts';
import { firstCohortNotes } from './first-cohort.ts';
import { intervalSql, withIntervals } from './intervals.ts';
import { emptyNotes, notesOf } from './notes.ts';
import { panelsOf, rowsShown } from './panels.ts';
import { publishedValues } from './published-values.ts';
import type { Reader } from './reader.ts';
import { groupsOf, keyLabel, seriesOf } from './series.ts';
import { statementOf } from './statement.ts';

export { selectionText, toCsv } from './columns.ts';

export interface Range {
  from: string | null;
  to: string | null;
  grain: Grain;
  where: Record<string, string[]>;
}

export const SOFTWARE = 'stateai 0.1.0';

export function exhibitInfo(exhibit: Exhibit, lang: Lang): ExhibitInfo {
  const text = (part: 'title' | 'subtitle') =>
    exhibit.text ? (exhibit.text[part] ?? '') : message(lang, `exhibits.${exhibit.id}.${part}`);
  const { id, slug, section, unit, kind, needs } = exhibit;
  return {
    id,
    slug,
    title: text('title'),
    subtitle: text('subtitle'),
    section,
    unit,
    kind,
    needs: [...needs],
  };
}

export async function runExhibit(
  exhibit: Exhibit,
  reader: Reader,
  catalog: Catalog,
  range: Range,
  lang: Lang,
): Promise<ExhibitResult> {
  const intervals = intervalSql(exhibit);
  const queries = [exhibit.sql, exhibit.factsSql ?? '', intervals ?? ''].join('\n;\n');
  const lacking = [
    ...lackingFields(exhibit, reader, lang),
    ...filtersNotTaken(exhibit, reader, queries, lang),
  ];
  const { values, found, estimates } =
    lacking.length > 0 ? NOTHING : await answersOf(exhibit, reader, intervals);
  const all = intervals === null ? values : withIntervals(exhibit, values, estimates);
  const rows = rowsShown(exhibit, all).map((row) => readable(exhibit, row, catalog, lang));
  const facts: Record<string, Cell> = all.length > 0 ? found : {};
  const columns = columnsOf(exhibit, rows);
  const [series, groups] = [seriesOf(exhibit, rows, catalog, lang), groupsOf(exhibit, rows, catalog, lang)];
  const panels = panelsOf(exhibit, rows, catalog, lang);
  const id = `${exhibit.id}${exhibit.only ?? ''}`;
  const { title, subtitle } = exhibitInfo(exhibit, lang);
  const result: ExhibitResult = {
    id,
    title,
    subtitle,
    dataset: reader.info.name,
    unit: exhibit.unit,
    columns,
    rows,
    statement: statementOf({ exhibit, rows, series, groups, panels, facts, lang, grain: range.grain }),
    provenance: {
      exhibit: id,
      query: exhibit.hash,
      catalog: catalog.version,
      data: reader.info.version,
      classifier: await reader.classifier(queries),
      filters: { from: range.from, to: range.to, grain: range.grain, where: range.where },
      software: SOFTWARE,
    },
    section: exhibit.section,
    kind: exhibit.kind,
    slug: exhibit.slug,
    chart: exhibit.chart,
    series,
    groups,
    panels,
    facts,
    columnInfo: columnInfos(columns, exhibit, lang),
    releases: exhibit.chart.annotateReleases ? releasesIn(reader, catalog) : [],
    method: methodOf(exhibit, lang),
    published: [],
    notes: [
      ...(lacking.length > 0 ? [] : absentNotes(await reader.absent(), lang)),
      ...(rows.length > 0
        ? [
            ...(exhibit.kind === 'cohorts' ? firstCohortNotes(rows, reader.info, catalog, lang) : []),
            ...notesOf(exhibit, reader, rows, facts, range.grain, lang),
          ]
        : emptyNotes(exhibit, reader, lacking.length, range, found, lang)),
    ],
    lacking,
    periods: periodsOf(reader, rows),
    simulated: reader.info.simulated,
    calibrated: reader.info.calibrated ?? false,
  };
  return { ...result, published: publishedValues(exhibit, result, catalog, lang) };
}

/** How it was measured, and where there are intervals what they hold. */
export function methodOf(exhibit: Exhibit, lang: Lang): string {
  const own = exhibit.text?.method ?? messageOrNull(lang, `exhibits.${exhibit.id}.method`) ?? '';
  return spaced(
    [own, ...(exhibit.sampleSql === null ? [] : [message(lang, 'notes.intervals')])].join(' '),
    lang,
  );
}

interface Answers {
  values: Row[];
  found: Row;
  estimates: Row[];
}
const NOTHING: Answers = { values: [], found: {}, estimates: [] };

async function answersOf(exhibit: Exhibit, reader: Reader, intervals: string | null): Promise<Answers> {
  const { sql, factsSql } = exhibit;
  const [values = [], ...more] = await reader.query(
    [sql, factsSql, intervals].filter((text) => text !== null),
  );
  const [found = {}] = factsSql === null ? [] : (more.shift() ?? []);
  return { values, found, estimates: more.shift() ?? [] };
}

/** Labels may begin in the middle of a period that the traffic covers whole. */
function periodsOf(reader: Reader, rows: readonly Row[]): ExhibitResult['periods'] {
  const partial = new Set(rows.filter((r) => r.partial === true).map((r) => String(r.period)));
  return reader.periods.map((each) => (partial.has(each.period) ? { ...each, partial: true } : each));
}

function lackingFields(exhibit: Exhibit, reader: Reader, lang: Lang): ExhibitResult['lacking'] {
  return exhibit.needs
    .filter((field) => reader.info.tokens > 0 && reader.info.fields[field] === 0)
    .map((field) => ({ field, sentence: message(lang, `lacking.${field}`, { dataset: reader.info.name }) }));
}

function filtersNotTaken(
  exhibit: Exhibit,
  reader: Reader,
  queries: string,
  lang: Lang,
): ExhibitResult['lacking'] {
  return reader.notTaken(queries).map(({ filter, view }) => {
    const values = { exhibit: exhibit.id, filter: filterName(filter, lang) };
    const why = messageOrNull(lang, `lacking.filter.${view}`, values);
    return { field: filter, sentence: why ?? message(lang, 'lacking.filter.other', values) };
  });
}

/** Adds the names that depend on the reader's language: of a language, a segment, a category that is a dot. */
function readable(exhibit: Exhibit, row: Row, catalog: Catalog, lang: Lang): Row {
  const named: Row = {
    ...row,
    ...(typeof row.language === 'string' ? { name: languageName(row.language, lang) } : {}),
    ...(typeof row.segment === 'string' ? { segment_name: message(lang, `quadrants.${row.segment}`) } : {}),
    ...(exhibit.kind === 'scatter' && row.name === row.group
      ? { name: keyLabel(exhibit.panelKind ?? 'message', String(row.group), catalog, lang) }
      : {}),
  };
  if (!exhibit.columns) return named;
  return Object.fromEntries(exhibit.columns.map((name) => [name, named[name] ?? null]));
}

function releasesIn(reader: Reader, catalog: Catalog): ExhibitResult['releases'] {
  const [first] = reader.periods;
  const last = reader.periods.at(-1);
  if (!first || !last) return [];
  return catalog.notableReleases
    .filter((r) => r.date >= first.period && r.date <= (reader.info.to ?? last.period))
    .map(({ date, label }) => ({ date, label }));
}
