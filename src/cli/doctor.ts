/** `stateai doctor`: what each dataset has and lacks, and which models the catalog does not know, biggest first. */
import pc from 'picocolors';
import { amount } from '../exhibits/amounts.ts';
import { exhibitsOf } from '../exhibits/registry.ts';
import { fieldsOf, LIVE_DOORS } from '../ingest/door-fields.ts';
import { type DoorCounts, readDoorCounts } from '../ingest/door-log.ts';
import { FORMATS } from '../ingest/registry.ts';
import { type Coverage, coverageOf, coverageText } from '../server/door-coverage.ts';
import { openReports } from '../server/report-service.ts';
import { readManifest } from '../warehouse/manifest.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';
import { printable } from './terminal.ts';

/** Where the live doors write unless they are told otherwise. */
const LIVE = 'live';

export async function doctor(options: { data: string; format: 'table' | 'json' }): Promise<void> {
  const warehouse = await openWarehouse(options.data, { toRead: true });
  try {
    const reports = await openReports(warehouse, { cache: false });
    const out = [];
    for (const name of await warehouse.datasets()) {
      const facts = await reports.facts(name);
      const { layout } = warehouse.dataset(name);
      const manifest = await readManifest(layout);
      const lacking = Object.keys(facts.fields).filter((f) => facts.fields[f] === 0);
      const blocked = exhibitsOf(warehouse.dataDir).filter((e) => e.needs.some((f) => lacking.includes(f)));
      out.push({
        ...facts,
        lacking,
        blocked: blocked.map((e) => e.id),
        loads: manifest.loads.slice(-5),
        lakeFiles: manifest.lake.length,
        doors: await readDoorCounts(layout),
      });
    }
    // Where all was refused that came, there is no dataset yet.
    const waiting = out.some((d) => d.name === LIVE)
      ? []
      : await readDoorCounts(warehouse.dataset(LIVE).layout);
    const doors = doorsOf(warehouse.dataDir);
    if (options.format === 'json')
      process.stdout.write(
        `${JSON.stringify({ dataDir: warehouse.dataDir, catalog: reports.catalog.version, datasets: out, waiting, doors }, null, 2)}\n`,
      );
    else
      process.stdout.write(
        asText(warehouse.dataDir, reports.catalog.version, out) +
          waitingAsText(waiting) +
          doorsAsText(doors, warehouse.dataDir),
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

const minute = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
const MOST_REASONS = 3;

const waitingAsText = (doors: readonly DoorCounts[]): string =>
  doors.length === 0 ? '' : `\n${[`${LIVE}: no record yet`, ...doors.flatMap(doorLines)].join('\n')}\n`;

/** What came through a door, and what it refused, the most frequent reasons first. */
function doorLines({ door, accepted, newest, lastSeen, rejected, reasons }: DoorCounts): string[] {
  const whole = (n: number) => n.toLocaleString('en-GB');
  const came = `${whole(accepted)} ${accepted === 1 ? 'record' : 'records'}${newest === null ? '' : `, the newest of ${minute(newest)}`}, last seen ${minute(lastSeen)} UTC`;
  const worst = [...reasons].sort((a, b) => b.count - a.count).slice(0, MOST_REASONS);
  return [
    `  through ${door}: ${came}${rejected > 0 ? `, ${whole(rejected)} refused` : ''}`,
    ...worst.map(({ reason, count }) => `    refused ${whole(count)}: ${reason}`),
  ];
}

type Checked = Awaited<ReturnType<Awaited<ReturnType<typeof openReports>>['facts']>> & {
  lacking: string[];
  blocked: string[];
  doors: DoorCounts[];
};

function asText(dataDir: string, catalog: string, datasets: readonly Checked[]): string {
  const lines = [`Data directory ${dataDir} · catalog ${catalog}`];
  if (datasets.length === 0) lines.push('No dataset yet. Import something: stateai import');
  for (const d of datasets) {
    const requests =
      d.requests === null
        ? 'number of requests unknown'
        : `${d.requests.toLocaleString('en-GB')} ${d.requests === 1 ? 'request' : 'requests'}`;
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
    for (const door of d.doors) lines.push(...doorLines(door));
    if (d.unknownModels.length > 0) {
      lines.push(
        `  models the catalog does not know: ${amount(d.unknownModelShare, 'share', 'en')} of tokens. Add them to ${dataDir}/catalog.yaml:`,
      );
      for (const m of d.unknownModels.slice(0, 20))
        lines.push(
          `    ${amount(m.tokens / Math.max(d.tokens, 1), 'share', 'en').padStart(7)}  ${printable(m.slug)}`,
        );
      if (d.unknownModels.length > 20)
        lines.push(`    … and ${d.unknownModels.length - 20} more (--format json lists all)`);
    }
  }
  return `${lines.join('\n')}\n`;
}
