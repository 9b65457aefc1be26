/**
 * The simulated study world beside the study's published figures, exhibit by exhibit: the whole pipeline measures it, and
 * what misses its tolerance is listed, not hidden.
 */
import { type Comparison, comparedOn, compareWithPublished } from '../exhibits/published.ts';
import { EXHIBITS } from '../exhibits/registry.ts';
import { openReports, parseRange, type ReportService } from '../server/report-service.ts';
import { simulate } from '../simulate/simulate.ts';
import { STUDY_WORLD } from '../simulate/study-world/index.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';
import { makeScratch, removeScratch } from './scratch.ts';

/** The study's main window; its last period is a whole week. */
export const STUDY_WINDOW = { from: '2024-11-03', to: '2025-11-30' } as const;

/** Exhibits whose printed numbers reach back further. */
const WHOLE_HISTORY = new Set(['F17', 'F25']);

/** Every printed number beside what a dataset shows, in the study's order. */
export async function compareDataset(reports: ReportService, dataset: string): Promise<Comparison[]> {
  const out: Comparison[] = [];
  for (const exhibit of EXHIBITS) {
    if (exhibit.published.length === 0) continue;
    const window = WHOLE_HISTORY.has(exhibit.id) ? {} : STUDY_WINDOW;
    const result = await reports.exhibit(dataset, comparedOn(exhibit), parseRange(window), 'en');
    out.push(...compareWithPublished(exhibit, result));
  }
  return out;
}

/** Simulates the study's world in a directory of its own, measures it, and deletes it. */
export async function benchStudy(
  generations: number,
  seed: number,
  say: (text: string) => void,
): Promise<Comparison[]> {
  const directory = await makeScratch('study');
  const warehouse = await openWarehouse(directory);
  try {
    const reports = await openReports(warehouse, { cache: false });
    const dataset = warehouse.dataset('study');
    say(`Simulating ${generations.toLocaleString('en-GB')} generations`);
    await simulate(dataset, STUDY_WORLD, reports.catalog, { generations, seed });
    say('Building marts');
    await dataset.settle();
    say('Measuring every exhibit');
    return await compareDataset(reports, dataset.name);
  } finally {
    await warehouse.close();
    await removeScratch(directory);
  }
}

/** One line a printed number: exhibit, what, published, simulated, difference, tolerance, verdict. */
export function comparisonTable(comparisons: readonly Comparison[]): string[][] {
  return [
    ['exhibit', 'what', 'published', 'simulated', 'difference', 'tolerance', ''],
    ...comparisons.map((c) => [
      c.exhibit,
      c.label,
      c.published,
      c.found ?? amount(c.measured, c.unit),
      c.found !== null ? '' : amount(c.difference, c.unit, true),
      c.tolerance === null ? 'the same words' : `± ${amount(c.tolerance, c.unit)}`,
      c.within === null ? 'not measured' : c.within ? 'within' : 'MISSES',
    ]),
  ];
}

/** The same as a Markdown page. */
export function comparisonPage(
  comparisons: readonly Comparison[],
  generations: number,
  seed: number,
): string {
  const table = comparisonTable(comparisons);
  const row = (cells: readonly string[]) => `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |`;
  const missing = comparisons.filter((c) => c.within === false);
  const list = missing.map((c) => `- ${c.exhibit}, ${c.label}: published ${c.published}`);
  return [
    '# Published, simulated, difference',
    '',
    `What the study printed, beside what the whole pipeline measures in the simulated study world (\`stateai bench study --rows ${generations}\`, seed ${seed}). Totals are compared in proportion. The tolerances and why they are what they are: [exhibits](exhibits/README.md#tolerances).`,
    '',
    `${comparisons.length - missing.length} of ${comparisons.length} lie within their tolerance.${missing.length > 0 ? ' What does not:' : ''}`,
    ...(missing.length > 0 ? ['', ...list] : []),
    '',
    row(table[0] ?? []),
    row((table[0] ?? []).map(() => '---')),
    ...table.slice(1).map(row),
    '',
  ].join('\n');
}

function amount(value: number | null, unit: Comparison['unit'], signed = false): string {
  if (value === null) return '–';
  const sign = signed && value > 0 ? '+' : '';
  if (unit === 'share') return `${sign}${(value * 100).toFixed(1)} %`;
  if (unit === 'tokens_per_request' || unit === 'tokens') return `${sign}${Math.round(value)}`;
  return `${sign}${value.toFixed(3)}`;
}
