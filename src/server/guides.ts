/** The guides of `docs/guides/` as they stand, for pages that point to them. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { StateaiError } from '../generation/errors.ts';

const FOLDER = new URL('../../docs/guides/', import.meta.url);
const fileOf = (name: string): string => fileURLToPath(new URL(name, FOLDER));

/** The guide of each door that has one of its own. */
const OF_DOOR: Readonly<Record<string, string>> = {
  gateway: 'gateway.md',
  otlp: 'opentelemetry.md',
  'openrouter-broadcast': 'openrouter-broadcast.md',
  http: 'send-records.md',
  'openrouter-activity': 'import-other-gateways.md',
  litellm: 'import-other-gateways.md',
  langfuse: 'import-other-gateways.md',
  helicone: 'import-other-gateways.md',
  'openai-usage': 'import-other-gateways.md',
  'anthropic-usage': 'import-other-gateways.md',
  'openrouter-activity-api': 'pull.md',
};
const OF_KIND: Readonly<Record<string, string>> = {
  log: 'import-agent-logs.md',
  table: 'import-tables.md',
  mapped: 'import-tables.md',
};

/** The address of a door's guide on this server, relative to its pages; null where there is none. */
export function guideOf(door: string, kind: string): string | null {
  const name = OF_DOOR[door] ?? OF_KIND[kind];
  return name === undefined ? null : `guides/${name}`;
}

export async function guides(app: FastifyInstance): Promise<void> {
  app.get('/:name', { schema: { hide: true } }, async (request, reply) => {
    const { name } = request.params as { name: string };
    if (!/^[a-z0-9-]+\.md$/.test(name) || !existsSync(fileOf(name)))
      throw new StateaiError('not_found', 'There is no such guide', 'They lie in docs/guides/.');
    return reply.type('text/plain; charset=utf-8').send(await readFile(fileOf(name), 'utf8'));
  });
}
