/** `stateai doctor`: what each dataset has and lacks, and which models the catalog does not know, biggest first. */
import pc from 'picocolors';
import { amount } from '../exhibits/amounts.ts';
import { exhibitsOf } from '../exhibits/registry.ts';
import { fieldsOf, LIVE_DOORS } from '../ingest/door-fields.ts';
import { FORMATS } from '../ingest/registry.ts';
import { type Coverage, coverageOf, coverageText } from '../server/door-coverage.ts';
import { openReports } from '../server/report-service.ts';
import { readManifest } from '../warehouse/manifest.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';

export async function doctor(options: { data: string; format: 'table' | 'json' }): Promise<void> {
  const warehouse = await openWarehouse(options.data, { toRead: true });
  try {
    const reports = await openReports(warehouse, { cache: false });
    const out = [];
    for (const name of await warehouse.datasets()) {
      const facts = await reports.facts(name);
      const manifest = await readManifest(warehouse.dataset(name).layout);
      const lacking = Object.keys(facts.fields).filter((f) => facts.fields[f] === 0);
      const blocked = exhibitsOf(warehouse.dataDir).filter((e) => e.needs.some((f) => lacking.includes(f)));
      out.push({
        ...facts,
        lacking,
        blocked: blocked.map((e) => e.id),
        loads: manifest.loads.slice(-5),
        lakeFiles: manifest.lake.length,
      });
    }
    const doors = doorsOf(warehouse.dataDir);
    if (options.format === 'json')
      process.stdout.write(
        `${JSON.stringify({ dataDir: warehouse.dataDir, catalog: reports.catalog.version, datasets: out, doors }, null, 2)}\n`,
      );
    else
      process.stdout.write(
        asText(warehouse.dataDir, reports.catalog.version, out) + doorsAsText(doors, warehouse.dataDir),
      );
  } finally {
    await warehouse.close();
  }
}

/** Every door whose fields are known without a mapping. */
function doorsOf(dataDir: string): (Coverage & { door: string })[] {
  const exhibits = exhibitsOf(dataDir);
  return [...FORMATS.map((f) => ({ door: f.format, has: fieldsOf(f) })), ...LIVE_DOORS].flatMap(
    ({ door, has }) => (has ? [{ door, ...coverageOf(has, exhibits) }] : []),
  );
}

function doorsAsText(doors: readonly (Coverage & { door: string })[], dataDir: string): string {
  const count = exhibitsOf(dataDir).length;
  const width = Math.max(...doors.map((d) => d.door.length));
  const lines = doors.map((d) => `  ${d.door.padEnd(width)}  ${coverageText(d, count)}`);
  return `\nWhat can be drawn from each door alone:\n${lines.join('\n')}\n`;
}

type Checked = Awaited<ReturnType<Awaited<ReturnType<typeof openReports>>['facts']>> & {
  lacking: string[];
  blocked: string[];
};

function asText(dataDir: string, catalog: string, datasets: readonly Checked[]): string {
  const lines = [`Data directory ${dataDir} · catalog ${catalog}`];
  if (datasets.length === 0) lines.push('No dataset yet. Import something: stateai import');
  for (const d of datasets) {
    const requests =
      d.requests === null ? 'number of requests unknown' : `${d.requests.toLocaleString('en-GB')} requests`;
    lines.push(
      '',
      `${pc.bold(d.name)}${d.simulated ? ' (simulated)' : ''}: ${amount(d.tokens, 'tokens', 'en')}, ${requests}, ${amount(d.models, 'models', 'en')}, ${d.from ?? '–'} … ${d.to ?? '–'}`,
    );
    const partly = Object.entries(d.fields).filter(([, share]) => share > 0 && share < 1);
    if (partly.length > 0)
      lines.push(
        `  stated in part: ${partly.map(([f, s]) => `${f} ${amount(s, 'share', 'en')}`).join(', ')}`,
      );
    if (d.lacking.length > 0)
      lines.push(
        `  lacks: ${d.lacking.join(', ')}${d.blocked.length > 0 ? ` (so no ${d.blocked.join(', ')})` : ''}`,
      );
    if (d.unknownModels.length > 0) {
      lines.push(
        `  models the catalog does not know: ${amount(d.unknownModelShare, 'share', 'en')} of tokens. Add them to ${dataDir}/catalog.yaml:`,
      );
      for (const m of d.unknownModels.slice(0, 20))
        lines.push(`    ${amount(m.tokens / Math.max(d.tokens, 1), 'share', 'en').padStart(7)}  ${m.slug}`);
      if (d.unknownModels.length > 20)
        lines.push(`    … and ${d.unknownModels.length - 20} more (--format json lists all)`);
    }
  }
  return `${lines.join('\n')}\n`;
}
