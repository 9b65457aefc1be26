/** The guides of `docs/guides/` as they stand, for pages that point to them. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { StateaiError } from '../generation/errors.ts';

const FOLDER = new URL('../../docs/guides/', import.meta.url);
const fileOf = (name: string): string => fileURLToPath(new URL(name, FOLDER));

/** Guides of doors, the first that is there. */
const OF_DOOR: Record<string, readonly string[]> = {
  gateway: ['gateway.md'],
  otlp: ['opentelemetry.md', 'otlp.md'],
  'openrouter-broadcast': ['openrouter-broadcast.md', 'broadcast.md'],
  http: ['watch-and-doors.md'],
  langfuse: ['pull.md'],
  helicone: ['pull.md'],
  litellm: ['pull.md'],
  'openai-usage': ['pull.md'],
  'anthropic-usage': ['pull.md'],
  'openrouter-activity-api': ['pull.md'],
};
const OF_KIND: Record<string, readonly string[]> = {
  log: ['import-agent-logs.md'],
  table: ['import-tables.md'],
  mapped: ['import-tables.md'],
};

/** The address of a door's guide on this server, relative to its pages; null where there is none. */
export function guideOf(door: string, kind: string): string | null {
  const names = [
    ...(OF_DOOR[door] ?? []),
    `import-${door}.md`,
    `${door}.md`,
    `import-from-${door}.md`,
    ...(OF_KIND[kind] ?? []),
  ];
  const name = names.find((each) => existsSync(fileOf(each)));
  return name ? `guides/${name}` : null;
}

export async function guides(app: FastifyInstance): Promise<void> {
  app.get('/:name', { schema: { hide: true } }, async (request, reply) => {
    const { name } = request.params as { name: string };
    if (!/^[a-z0-9-]+\.md$/.test(name) || !existsSync(fileOf(name)))
      throw new StateaiError('not_found', 'There is no such guide', 'They lie in docs/guides/.');
    return reply.type('text/plain; charset=utf-8').send(await readFile(fileOf(name), 'utf8'));
  });
}
