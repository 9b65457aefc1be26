import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { Fragment, type ReactNode, useMemo } from 'react';
import { compareValues } from './compare-values.ts';

export interface Column<T> {
  id: string;
  label: string;
  numeric?: boolean;
  /** What it is sorted by; a column without cannot be. null = unknown, which comes last. */
  value?: (row: T) => string | number | null;
  show: (row: T) => ReactNode;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
  /** Shown below a row, over all columns; null = nothing. */
  detail?: (row: T) => ReactNode | null;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** A table that scrolls in its own box, sortable where its columns can be compared; the first column stays in sight. */
export function DataGrid<T extends object>({ label, columns, rows, keyOf, detail }: Props<T>) {
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>();
    return helper.columns(
      columns.map((column) =>
        helper.accessor((row) => column.value?.(row) ?? undefined, {
          id: column.id,
          enableSorting: column.value !== undefined,
          sortUndefined: 'last',
          sortDescFirst: column.numeric ?? false,
          sortFn: (a, b) => compareValues(column.value?.(a.original), column.value?.(b.original)),
        }),
      ),
    );
  }, [columns]);
  const table = useTable({ features, columns: definitions, data: rows, getRowId: keyOf });
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
      tabIndex={0}
      className="scrolls-on max-h-[720px] overflow-auto rounded-lg border border-rule"
    >
      <table className="w-full border-separate border-spacing-0 text-[13.5px]">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr>
            {columns.map((column, i) => {
              const of = headers[i]?.column;
              const sorted = of?.getIsSorted() ?? false;
              const look = `flex w-full items-center gap-1 px-3 py-2 whitespace-nowrap ${column.numeric ? 'justify-end' : ''}`;
              return (
                <th
                  key={column.id}
                  scope="col"
                  aria-sort={
                    sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : column.value && 'none'
                  }
                  className={`sticky top-0 z-10 border-b border-rule bg-well p-0 font-medium ${i === 0 ? 'left-0 z-20' : ''}`}
                >
                  {column.value ? (
                    <button type="button" onClick={of?.getToggleSortingHandler()} className={look}>
                      {!column.numeric && column.label}
                      <span aria-hidden="true" className="w-2.5 text-[10px] text-accent">
                        {sorted === 'asc' ? '▲' : sorted === 'desc' ? '▼' : ''}
                      </span>
                      {column.numeric && column.label}
                    </button>
                  ) : (
                    <span className={look}>{column.label}</span>
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => {
            const below = detail?.(row.original) ?? null;
            return (
              <Fragment key={row.id}>
                <tr className="group">
                  {columns.map((column, i) => {
                    const look = `border-b border-rule px-3 py-1.5 whitespace-nowrap group-last:border-0 ${column.numeric ? 'text-right' : 'text-left'}`;
                    return i === 0 ? (
                      <th key={column.id} scope="row" className={`${look} sticky left-0 bg-card font-normal`}>
                        {column.show(row.original)}
                      </th>
                    ) : (
                      <td key={column.id} className={look}>
                        {column.show(row.original)}
                      </td>
                    );
                  })}
                </tr>
                {below !== null && (
                  <tr>
                    <td colSpan={columns.length} className="border-b border-rule bg-well p-3">
                      {below}
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
