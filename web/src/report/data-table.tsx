import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { ExhibitResult } from '../../../src/exhibits/contract.ts';
import { useText } from '../lib/text.ts';
import { compareCells, type TableLine, tableData } from './table-data.ts';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const helper = createColumnHelper<typeof features, TableLine>();

/** Letters of a name that leaves no room for the columns beside it. */
const LONG = 40;

/** The numbers behind the chart, sortable by any column. */
export function DataTable({ result }: { result: ExhibitResult }) {
  const { t, lang } = useText();
  const { columns, lines } = useMemo(
    () =>
      tableData(result, lang, {
        period: t('table.period'),
        panel: t('table.panel'),
        model: t('table.model'),
        cohort: t('table.cohort'),
        accounts: t('table.accounts'),
        age: (age) => t('table.age', { age }),
      }),
    [result, lang, t],
  );
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map((column, i) =>
          helper.accessor((line) => line.cells[i] ?? undefined, {
            id: `column-${i}`,
            header: column.label,
            sortUndefined: 'last',
            sortDescFirst: column.numeric,
            sortFn: (a, b) => compareCells(a.original.cells[i], b.original.cells[i], lang),
          }),
        ),
      ),
    [columns, lang],
  );
  const unmarked = !columns.some((column) => column.marks);
  const table = useTable({ features, columns: definitions, data: lines });
  return (
    <section
      aria-label={t('table.label', { title: result.title })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
      tabIndex={0}
      className={`scrolls-on overflow-auto rounded-lg border border-rule ${result.chart.type === 'table' ? 'max-h-[760px]' : 'max-h-[480px]'}`}
    >
      <table className="w-full border-separate border-spacing-0 text-[13.5px]">
        <caption className="sr-only">{result.title}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header, i) => {
                const sorted = header.column.getIsSorted();
                const numeric = columns[i]?.numeric;
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
                    className={`sticky top-0 z-10 border-b border-rule bg-well p-0 font-medium ${i === 0 ? 'left-0 z-20' : ''}`}
                  >
                    <button
                      type="button"
                      onClick={header.column.getToggleSortingHandler()}
                      className={`flex w-full items-center gap-1 px-3 py-2 whitespace-nowrap ${numeric ? 'flex-row-reverse' : ''}`}
                    >
                      <span className="max-w-56 truncate">{columns[i]?.label}</span>
                      <span aria-hidden="true" className="w-2.5 text-[10px] text-accent">
                        {sorted === 'asc' ? '▲' : sorted === 'desc' ? '▼' : ''}
                      </span>
                    </button>
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="group">
              {columns.map((column, i) => {
                const marked = row.original.partial && (column.marks ?? (i === 0 && unmarked));
                const text = column.show(row.original.cells[i] ?? null);
                const shown = (
                  <>
                    {column.numeric || text.length <= LONG ? (
                      text
                    ) : (
                      <span
                        title={text}
                        className="inline-block max-w-80 truncate align-bottom print:max-w-none"
                      >
                        {text}
                      </span>
                    )}
                    {row.original.behind?.[i] && (
                      <span className="text-[12px] text-muted tabular-nums">{row.original.behind[i]}</span>
                    )}
                    {marked && <span className="ml-2 text-xs text-muted">{t('table.partial')}</span>}
                  </>
                );
                const look = `border-b border-rule px-3 py-1.5 whitespace-nowrap group-last:border-0 ${column.numeric ? 'text-right' : 'text-left'}`;
                return i === 0 ? (
                  <th key={column.id} scope="row" className={`${look} sticky left-0 bg-card font-normal`}>
                    {shown}
                  </th>
                ) : (
                  <td key={column.id} className={look}>
                    {shown}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
