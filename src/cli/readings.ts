/** `stateai readings`: what the data says beyond single exhibits. */
import { selectionText } from '../exhibits/run.ts';
import type { Lang } from '../messages/messages.ts';
import { percent } from '../messages/percent.ts';
import type { ShareOfCategory } from '../readings/category-shares.ts';
import { categorySharesWords } from '../readings/category-shares-words.ts';
import { type CategorySharesResult, openReports, parseRange } from '../server/report-service.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';
import { cellsOf, fillEnd, fillStart } from './terminal.ts';

interface Options {
  data: string;
  dataset: string;
  format: 'table' | 'json';
  from?: string;
  to?: string;
  where: string[];
  lang: Lang;
}

export async function readingsCommand(options: Options): Promise<void> {
  const range = parseRange(options);
  const warehouse = await openWarehouse(options.data, { toRead: true });
  try {
    const reports = await openReports(warehouse, { cache: false });
    const shares = await reports.categoryShares(options.dataset, range);
    const words = categorySharesWords(shares, options.lang);
    const reading = { id: 'category-shares', ...words, ...shares };
    process.stdout.write(
      options.format === 'json'
        ? `${JSON.stringify({ readings: [reading] }, null, 2)}\n`
        : asText(shares, words, selectionText(range), options.lang),
    );
  } finally {
    await warehouse.close();
  }
}

function asText(
  shares: CategorySharesResult,
  words: ReturnType<typeof categorySharesWords>,
  selection: string,
  lang: Lang,
): string {
  const cells = (s: ShareOfCategory): string[] => [
    words.names[s.category] ?? s.category,
    percent(s.measured, lang),
    s.adjusted === null ? '–' : percent(s.adjusted, lang),
    s.low === null || s.high === null ? '–' : `${percent(s.low, lang)} – ${percent(s.high, lang)}`,
  ];
  const table = (unit: 'tokens' | 'generations') => {
    const { measured, adjusted, interval } = words.columns;
    const lines = [[words.of[unit], measured, adjusted, interval], ...shares[unit].map(cells)];
    const widths = [0, 1, 2, 3].map((i) => Math.max(...lines.map((l) => cellsOf(l[i] ?? ''))));
    return lines
      .map((l) => l.map((t, i) => (i === 0 ? fillEnd : fillStart)(t, widths[i] ?? 0)).join('  '))
      .join('\n');
  };
  const head = `${words.title}\n${[shares.dataset, selection, shares.simulated ? 'simulated' : '', words.sample].filter((t) => t !== '').join(' · ')}`;
  const tables = shares.tokens.length > 0 ? [table('tokens'), table('generations')] : [];
  return `${[head, ...tables, [words.statement, words.method].filter((t) => t !== '').join('\n')].join('\n\n')}\n`;
}
