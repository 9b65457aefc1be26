/** For tests: a PostgreSQL server of their own, if the machine has its programs. It does not run as root. */
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export interface TestPostgres {
  /** An empty database's URL. */
  database(): Promise<string>;
  /** As an outage: connections break, new ones are refused. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

function find(program: string): string | null {
  const directories = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...['18', '17', '16', '15', '14'].map((version) => `/usr/lib/postgresql/${version}/bin`),
  ];
  return directories.map((directory) => join(directory, program)).find(existsSync) ?? null;
}

/** Root must lend the server another user; null: none is needed. */
function otherUser(): { uid: number; gid: number } | null | 'none' {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const { status, stdout } = spawnSync('id', ['-u', name], { encoding: 'utf8' });
    if (status !== 0) continue;
    const gid = Number(execFileSync('id', ['-g', name], { encoding: 'utf8' }));
    return { uid: Number(stdout), gid };
  }
  return 'none';
}

/** Why there is no PostgreSQL to test with; null: there is. */
export function whyNoPostgres(): string | null {
  if (process.platform === 'win32') return 'PostgreSQL tests run on Linux and macOS only';
  if (!find('initdb') || !find('postgres')) return 'initdb and postgres are not installed';
  return otherUser() === 'none' ? 'running as root without a user to lend to PostgreSQL' : null;
}

export async function startPostgres(): Promise<TestPostgres> {
  const user = otherUser();
  const as: { uid?: number; gid?: number } = user === null || user === 'none' ? {} : user;
  const [initdb, postgres] = [find('initdb'), find('postgres')];
  if (!initdb || !postgres) throw new Error('PostgreSQL is not installed');
  const root = await mkdtemp(join(tmpdir(), 'stateai-pg-'));
  if (as.uid !== undefined && as.gid !== undefined) chownSync(root, as.uid, as.gid);
  const data = join(root, 'data');
  const options = { ...as, cwd: root, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  await run(initdb, ['-D', data, '-U', 'stateai', '-A', 'trust', '--no-sync', '-E', 'UTF8'], options);
  const port = await freePort();
  let server: ReturnType<typeof spawn> | null = null;
  let number = 0;
  const url = (name: string) => `postgres://stateai@127.0.0.1:${port}/${name}`;

  const started = {
    async start() {
      server = spawn(
        postgres,
        ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', root, '-c', 'fsync=off'],
        { ...options, stdio: 'ignore' },
      );
      for (let tries = 0; ; tries += 1) {
        const client = new pg.Client({ connectionString: url('postgres') });
        client.on('error', () => undefined);
        try {
          await client.connect();
          await client.end();
          return;
        } catch (error) {
          if (tries > 200) throw error;
          await sleep(50);
        }
      }
    },
    async stop() {
      const child = server;
      server = null;
      if (!child) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      // At once, without waiting for clients: as if the machine were gone.
      child.kill('SIGQUIT');
      await gone;
    },
    async database() {
      const client = new pg.Client({ connectionString: url('postgres') });
      await client.connect();
      number += 1;
      const name = `test_${number}`;
      await client.query(`create database ${name}`);
      await client.end();
      return url(name);
    },
    async remove() {
      await started.stop();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  await started.start();
  return started;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
