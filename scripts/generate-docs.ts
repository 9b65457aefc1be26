/** Writes docs/exhibits: one page an exhibit, from its own definition. Run: node scripts/generate-docs.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Exhibit } from '../src/exhibits/define.ts';
import { EXHIBITS } from '../src/exhibits/registry.ts';
import { message, messageOrNull } from '../src/messages/messages.ts';

export const DOCS = fileURLToPath(new URL('../docs/exhibits/', import.meta.url));
export const fileOf = (exhibit: Exhibit): string => `${exhibit.id.toLowerCase()}-${exhibit.slug}.md`;

export function pageOf(exhibit: Exhibit): string {
  const text = (part: string) => message('en', `exhibits.${exhibit.id}.${part}`);
  const series = (key: string) => messageOrNull('en', `series.${key}`) ?? key;
  const needs =
    exhibit.needs.length > 0
      ? exhibit.needs.map((f) => `\`${f}\``).join(', ')
      : 'tokens and a model, as every record has';
  const published = exhibit.published.map(
    (p) => `- ${series(p.series)}, ${message('en', `published.${p.stat}`)}: ${p.text}`,
  );
  return [
    `# ${exhibit.id}: ${text('title')}`,
    '',
    `${text('subtitle')}.`,
    '',
    text('method'),
    '',
    `**Unit**: ${exhibit.unit.replaceAll('_', ' ')}. **Needs**: ${needs}.`,
    '',
    `\`\`\`sh\nnpm run -s stateai -- exhibit ${exhibit.id} --dataset NAME\n\`\`\``,
    '',
    '## Query',
    '',
    'The views that it reads are described in [Lake and marts](../reference/marts.md); `--sql` prints them too.',
    '',
    `\`\`\`sql\n${exhibit.sql.trimEnd()}\n\`\`\``,
    ...(published.length > 0 ? ['', '## What the study published', '', ...published] : []),
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(DOCS, { recursive: true });
  for (const exhibit of EXHIBITS) writeFileSync(join(DOCS, fileOf(exhibit)), pageOf(exhibit));
  const list = EXHIBITS.map((e) => `- [${e.id}: ${message('en', `exhibits.${e.id}.title`)}](${fileOf(e)})`);
  writeFileSync(
    join(DOCS, 'README.md'),
    `# Exhibits\n\nGenerated from their definitions.\n\n${list.join('\n')}\n`,
  );
}
