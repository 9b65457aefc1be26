/**
 * Writes docs/exhibits: one page an exhibit, from its own definition; and docs/reference/gateway.schema.json, from the
 * definition of the gateway's configuration. Run: node scripts/generate-docs.ts
 * With --pictures it also simulates the study's world, draws every exhibit into docs/exhibits/pictures and writes
 * docs/study-comparison.md; that takes a minute or two.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareDataset, comparisonPage, STUDY_WINDOW } from '../src/bench/study.ts';
import { loadCatalog } from '../src/catalog/catalog.ts';
import type { Catalog } from '../src/catalog/contract.ts';
import { pictureHeight, renderSvg } from '../src/charts/render-svg.ts';
import type { Exhibit } from '../src/exhibits/define.ts';
import { catalogNames, type Names, publishedLabel } from '../src/exhibits/published-label.ts';
import { EXHIBITS } from '../src/exhibits/registry.ts';
import { methodOf } from '../src/exhibits/run.ts';
import { TOLERANCES, type ToleranceKind, toleranceKind, toleranceText } from '../src/exhibits/tolerances.ts';
import { ConfigFile } from '../src/gateway/config/schema.ts';
import { message } from '../src/messages/messages.ts';
import { openReports, parseRange } from '../src/server/report-service.ts';
import { simulate } from '../src/simulate/simulate.ts';
import { STUDY_WORLD } from '../src/simulate/study-world/index.ts';
import { openWarehouse } from '../src/warehouse/warehouse.ts';

export const DOCS = fileURLToPath(new URL('../docs/exhibits/', import.meta.url));
export const fileOf = (exhibit: Exhibit): string => `${exhibit.id.toLowerCase()}-${exhibit.slug}.md`;

export const GATEWAY_SCHEMA = fileURLToPath(
  new URL('../docs/reference/gateway.schema.json', import.meta.url),
);

/** The JSON schema of `gateway.yaml`, for editors. */
export const gatewaySchema = (): string =>
  `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...ConfigFile }, null, 2)}\n`;

/** @param catalog names models and authors; @param docs where `pictures/<id>.svg` is looked for */
export function pageOf(exhibit: Exhibit, catalog: Catalog, docs = DOCS): string {
  const text = (part: string) => message('en', `exhibits.${exhibit.id}.${part}`);
  const names = catalogNames(exhibit, catalog, 'en');
  const needs =
    exhibit.needs.length > 0
      ? exhibit.needs.map((f) => `\`${f}\``).join(', ')
      : 'tokens and a model, as every record has';
  return [
    `# ${exhibit.id}: ${text('title')}`,
    '',
    `${text('subtitle')}.`,
    ...pictureOf(exhibit, text('title'), docs),
    '',
    methodOf(exhibit, 'en'),
    '',
    `**Unit**: ${exhibit.unit.replaceAll('_', ' ')}. **Needs**: ${needs}.`,
    ...partsOf(exhibit, names),
    '',
    `\`\`\`sh\nnpm run -s stateai -- exhibit ${exhibit.id} --dataset NAME\n\`\`\``,
    '',
    '## Query',
    '',
    'The views that it reads are described in [Lake and marts](../reference/marts.md); `--sql` prints them too.',
    '',
    `\`\`\`sql\n${exhibit.sql.trimEnd()}\n\`\`\``,
    ...sectionOf('Facts', exhibit.factsSql),
    ...sectionOf('Sample', exhibit.sampleSql),
    ...publishedOf(exhibit, names),
    '',
  ].join('\n');
}

const sectionOf = (title: string, sql: string | null): string[] =>
  sql === null ? [] : ['', `## ${title}`, '', `\`\`\`sql\n${sql.trimEnd()}\n\`\`\``];

/** The chart on the simulated world, where it has been drawn. */
function pictureOf(exhibit: Exhibit, title: string, docs: string): string[] {
  const picture = `pictures/${exhibit.id.toLowerCase()}.svg`;
  return existsSync(join(docs, picture)) ? ['', `![${title}](${picture})`] : [];
}

function partsOf(exhibit: Exhibit, names: Names): string[] {
  if (!exhibit.panels) return [];
  const parts = exhibit.panels.map(
    ({ letter, key }) => `\`${exhibit.id}${letter}\`${key ? ` ${names.panel(key)}` : ''}`,
  );
  return ['', `**Parts**: ${parts.join(', ')}.`];
}

/** What the study printed, and how far from it still counts as the same. */
function publishedOf(exhibit: Exhibit, names: Names): string[] {
  if (exhibit.published.length === 0) return [];
  const lines = exhibit.published.map((p) => {
    const kind = toleranceKind(exhibit, p);
    return `| ${publishedLabel(p, names, 'en')} | ${p.text} | ${toleranceText(kind)} |`;
  });
  const head = ['| number | published | tolerance |', '|---|---|---|'];
  return ['', '## What the study published', '', ...head, ...lines];
}

/** One table of all tolerances with their reasons. */
function tolerancesPage(): string {
  const lines = Object.entries(TOLERANCES).map(
    ([kind, { reason }]) => `| ${kind} | ${toleranceText(kind as ToleranceKind)} | ${reason} |`,
  );
  const intro =
    'How far a measured number may lie from one that the study printed and still count as the same.';
  return `## Tolerances\n\n${intro}\n\n| kind | tolerance | why |\n|---|---|---|\n${lines.join('\n')}\n`;
}

/** Large enough for the rare models of T3; the same seed as the demo. */
const PICTURED = { generations: 5e6, seed: 7 };

async function drawPictures(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'stateai-docs-'));
  const warehouse = await openWarehouse(directory);
  try {
    const reports = await openReports(warehouse, { cache: false });
    const dataset = warehouse.dataset('study');
    await simulate(dataset, STUDY_WORLD, reports.catalog, PICTURED);
    await dataset.settle();
    mkdirSync(join(DOCS, 'pictures'), { recursive: true });
    for (const exhibit of EXHIBITS) {
      const window = exhibit.id === 'F17' || exhibit.id === 'F25' ? {} : STUDY_WINDOW;
      const result = await reports.exhibit('study', exhibit.id, parseRange(window), 'en');
      const size = { width: 960, height: pictureHeight(result, 960, 'en') };
      const svg = renderSvg(result, { theme: 'light', lang: 'en', ...size });
      writeFileSync(join(DOCS, 'pictures', `${exhibit.id.toLowerCase()}.svg`), `${svg}\n`);
    }
    const comparisons = await compareDataset(reports, 'study');
    writeFileSync(
      join(DOCS, '..', 'study-comparison.md'),
      comparisonPage(comparisons, PICTURED.generations, PICTURED.seed),
    );
  } finally {
    await warehouse.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(DOCS, { recursive: true });
  writeFileSync(GATEWAY_SCHEMA, gatewaySchema());
  if (process.argv.includes('--pictures')) await drawPictures();
  // The catalog that is part of the program: a workspace's own layers are no part of the documentation.
  const catalog = await loadCatalog({ dataDir: DOCS });
  for (const exhibit of EXHIBITS) writeFileSync(join(DOCS, fileOf(exhibit)), pageOf(exhibit, catalog));
  const list = EXHIBITS.map((e) => `- [${e.id}: ${message('en', `exhibits.${e.id}.title`)}](${fileOf(e)})`);
  writeFileSync(
    join(DOCS, 'README.md'),
    `# Exhibits\n\nGenerated from their definitions.\n\n${list.join('\n')}\n\n${tolerancesPage()}`,
  );
}
