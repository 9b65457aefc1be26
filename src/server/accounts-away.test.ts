/** A server that starts while PostgreSQL, which has its accounts, is down. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startPostgres, type TestPostgres, whyNoPostgres } from '../testing/postgres.ts';
import { startServer } from '../testing/server-process.ts';
import { temporaryDirectory } from '../testing/workspace.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const KEY = `sk-sa-v1-${'0'.repeat(64)}`;
const RECORD = {
  id: 'r1',
  createdAt: Date.UTC(2026, 0, 5),
  model: 'openai/gpt-4o',
  promptTokens: 3,
  completionTokens: 2,
};

const why = whyNoPostgres();
describe.skipIf(why !== null)(`a server whose accounts are away${why ? ` (skipped: ${why})` : ''}`, () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let postgres: TestPostgres;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await postgres?.remove();
    await directory[Symbol.asyncDispose]();
  });

  test.each([[['--workers', '0']], [['--workers', '2']]])(
    'starts, and works when they are there: %s',
    async (args) => {
      const empty = (await postgres.database()).replace('stateai@', 'stateai:apassword@');
      await postgres.stop();
      const server = await startServer({
        data: join(directory.path, args.join('')),
        config: {},
        env: { STATEAI_DATABASE_URL: empty },
        args,
      });
      try {
        const get = async (path: string) => {
          const response = await fetch(server.url + path);
          return {
            status: response.status,
            again: response.headers.get('retry-after'),
            body: await response.text(),
          };
        };
        const post = (path: string, body: unknown, key?: string) =>
          fetch(server.url + path, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              ...(key ? { authorization: `Bearer ${key}` } : {}),
            },
            body: JSON.stringify(body),
          });
        const ask = (key?: string) =>
          post(
            '/api/v1/chat/completions',
            { model: 'stateai/sandbox', messages: [{ role: 'user', content: 'Hello.' }] },
            key,
          );
        const isBusy = async (response: Response) => {
          expect(response.status).toBe(503);
          expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
          expect(await response.text()).toContain('The accounts cannot be reached');
        };

        expect(await get('/healthz')).toMatchObject({ status: 200 });
        expect(await get('/readyz')).toMatchObject({
          status: 503,
          body: expect.stringContaining('ECONNREFUSED'),
        });
        expect(server.output().stderr).toContain('The accounts cannot be reached');
        await isBusy(await ask());
        await isBusy(await ask(KEY));
        await isBusy(await post('/stats/v1/generations', [RECORD], KEY));
        await isBusy(await post('/v1/traces', { resourceSpans: [] }, KEY));
        await isBusy(await fetch(`${server.url}/stats/v1/admin/accounts`));
        await isBusy(await fetch(`${server.url}/api/v1/key`));
        expect(JSON.parse((await get('/stats/v1/admin/status')).body)).toMatchObject({ reachable: false });
        expect((await post('/stats/v1/generations', [RECORD])).status).toBe(200);
        await vi.waitFor(
          async () =>
            expect(JSON.parse((await get('/stats/v1/datasets')).body).datasets[0]?.requests).toBe(1),
          { timeout: 30_000, interval: 200 },
        );

        await postgres.start();
        await vi.waitFor(async () => expect((await get('/readyz')).status).toBe(200), {
          timeout: 15_000,
          interval: 100,
        });
        await vi.waitFor(async () => expect((await ask()).status).toBe(200), { timeout: 5000 });
        const made = await post('/stats/v1/admin/keys', { name: 'first' });
        expect(made.status).toBe(201);
        expect((await ask((await made.json()).secret)).status).toBe(200);
        expect(JSON.parse((await get('/stats/v1/admin/status')).body)).toMatchObject({ reachable: true });
        expect(server.output().stderr).toContain('The accounts are reachable.');
        expect(await server.stop()).toBe(0);
        expect(server.output().stderr).not.toContain('apassword');
      } finally {
        await server.stop('SIGKILL');
      }
    },
  );

  test('ends at once where waiting would not help, and ends well while it waits', async () => {
    const url = await postgres.database();
    const start = (name: string, database: string) =>
      startServer({ data: join(directory.path, name), env: { STATEAI_DATABASE_URL: database } });
    await expect(start('nobody', url.replace('stateai@', 'nobody@'))).rejects.toThrow(/\(28\w+\)/);
    await expect(start('nowhere', `${url}none`)).rejects.toThrow(/\(3D000\)/);
    await postgres.stop();
    const server = await start('waits', url);
    expect(await server.stop()).toBe(0);
    await postgres.start();
  });
});
