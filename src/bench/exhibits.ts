/** Every exhibit: as it is, under filters, and under a filter against the same query over the records. */
import { EXHIBITS } from '../exhibits/registry.ts';
import { openReports, parseRange, type ReportService } from '../server/report-service.ts';
import { queryViews } from '../warehouse/query-views.ts';
import type { Dataset, Warehouse } from '../warehouse/warehouse.ts';
import { judge, type Measurement, median, quantile, seconds, time } from './measure.ts';

/** @param filters `key=value`, each of them tried on every exhibit that can take it */
export async function benchExhibits(
  warehouse: Warehouse,
  dataset: Dataset,
  filters: readonly string[],
  say: (text: string) => void,
): Promise<Measurement[]> {
  say('Running every exhibit');
  const reports: ReportService = await openReports(warehouse, { cache: false });
  const plain: number[] = [];
  const filtered: number[] = [];
  const ratios: number[] = [];
  const rawTimes: number[] = [];
  const cubeTimes: number[] = [];
  const slow: [number, string][] = [];
  const run = (id: string, where: string[]) => reports.exhibit(dataset.name, id, parseRange({ where }), 'en');
  const own = await dataset.engine();
  for (const exhibit of EXHIBITS) {
    if ((await run(exhibit.id, [])).lacking.length > 0) continue;
    for (let i = 0; i < 5; i++) plain.push(await time(() => run(exhibit.id, [])));
    for (const [i, where] of filters.entries()) {
      if ((await run(exhibit.id, [where])).lacking.length > 0) continue;
      const seconds = await time(() => run(exhibit.id, [where]));
      filtered.push(seconds);
      slow.push([seconds, `${exhibit.id} ${where}`]);
      // The records are slow to read: each exhibit with one filter, each filter with some exhibit.
      if (i !== EXHIBITS.indexOf(exhibit) % filters.length) continue;
      const range = parseRange({ where: [where] });
      const raw = await reports.views(dataset.name, range, exhibit.sql, { raw: true });
      const views = await reports.views(dataset.name, range, exhibit.sql);
      const records = await time(() => queryViews(own, raw, exhibit.sql));
      const cubes = await time(() => queryViews(own, views, exhibit.sql));
      rawTimes.push(records);
      cubeTimes.push(cubes);
      ratios.push(records / cubes);
    }
  }
  slow.sort((a, b) => b[0] - a[0]);
  return [
    judge(
      {
        bench: 'exhibits',
        name: 'default view, warm, p95',
        value: seconds(quantile(plain, 0.95)),
        against: '50 ms',
        ratio: quantile(plain, 0.95) / 0.05,
        detail: { medianSeconds: median(plain) },
      },
      '<=',
      1,
    ),
    judge(
      {
        bench: 'exhibits',
        name: 'one filter, p95',
        value: seconds(quantile(filtered, 0.95)),
        against: '300 ms',
        ratio: quantile(filtered, 0.95) / 0.3,
        detail: {
          medianSeconds: median(filtered),
          slowest: slow
            .slice(0, 5)
            .map(([s, what]) => `${what} ${seconds(s)}`)
            .join(', '),
        },
      },
      '<=',
      1,
    ),
    judge(
      {
        bench: 'exhibits',
        name: 'one filter, against the raw records',
        value: seconds(median(cubeTimes)),
        against: `same query on raw Parquet ${seconds(median(rawTimes))}`,
        ratio: median(ratios),
        detail: { rawSeconds: median(rawTimes), least: Math.min(...ratios) },
      },
      '>=',
      20,
    ),
  ];
}
