/** `stateai exhibit`: one exhibit as a table, JSON, CSV, SVG, or the SQL that computes it. */
import { amount } from '../exhibits/amounts.ts';
import type { Cell, ExhibitResult } from '../exhibits/contract.ts';
import { selectionText, toCsv } from '../exhibits/run.ts';
import { type Lang, message } from '../messages/messages.ts';
import { percent } from '../messages/percent.ts';
import { openReports, parseRange } from '../server/report-service.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';
import { cellsOf, fillEnd, fillStart, printable } from './terminal.ts';

interface Options {
  data: string;
  dataset: string;
  format: 'table' | 'json' | 'csv' | 'svg';
  from?: string;
  to?: string;
  grain: string;
  where: string[];
  sql?: boolean;
  lang: Lang;
  theme: 'light' | 'dark';
}

export async function exhibitCommand(id: string, options: Options): Promise<void> {
  const range = parseRange(options);
  const warehouse = await openWarehouse(options.data, { toRead: true });
  try {
    const reports = await openReports(warehouse, { cache: false });
    if (options.sql) process.stdout.write(await reports.sql(options.dataset, id, range));
    else
      process.stdout.write(
        await render(await reports.exhibit(options.dataset, id, range, options.lang), options),
      );
  } finally {
    await warehouse.close();
  }
}

async function render(result: ExhibitResult, options: Options): Promise<string> {
  switch (options.format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'csv':
      return toCsv(result);
    case 'svg': {
      const { pictureHeight, renderSvg } = await import('../charts/render-svg.ts');
      const { theme, lang } = options;
      const height = pictureHeight(result, 960, lang);
      return `${renderSvg(result, { theme, lang, width: 960, height })}\n`;
    }
    case 'table':
      return printable(asTable(result, options.lang));
  }
}

function asTable(result: ExhibitResult, lang: Lang): string {
  const about = [
    result.subtitle,
    result.dataset,
    selectionText(result.provenance.filters),
    result.simulated ? message(lang, 'web.simulated.badge').toLowerCase() : '',
  ].filter((part) => part !== '');
  const head = `${result.id}  ${result.title}\n${about.join(' · ')}\n`;
  if (result.lacking.length > 0) return `${head}\n${result.lacking.map((l) => l.sentence).join('\n')}\n`;
  const show = (name: string, value: Cell | undefined): string => {
    if (value === null || value === undefined) return '–';
    if (typeof value === 'boolean') return value ? '✓' : '';
    const unit = result.columnInfo.find((c) => c.name === name)?.unit;
    if (unit === 'share') return percent(Number(value), lang);
    if (unit === 'usd_per_million') return amount(value, unit, lang);
    if (unit === 'text') return String(value);
    return typeof value === 'number'
      ? new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 }).format(value)
      : value;
  };
  const names = result.columnInfo.map((c) => c.name);
  const lines = [
    result.columnInfo.map((c) => c.label),
    ...result.rows.map((r) => names.map((c) => show(c, r[c]))),
  ];
  const widths = names.map((_, i) => Math.max(...lines.map((l) => cellsOf(l[i] ?? ''))));
  const numeric = (i: number) => typeof result.rows[0]?.[names[i] ?? ''] === 'number';
  const body = lines.map((l) =>
    l
      .map((t, i) => (numeric(i) ? fillStart : fillEnd)(t, widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const notes = result.notes.map((n) => `* ${n}`);
  return [head, ...body, '', result.statement, ...notes]
    .filter((l, i, all) => l !== '' || all[i - 1] !== '')
    .join('\n')
    .concat('\n');
}
