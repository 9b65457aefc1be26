/**
 * A soak: many requests of every kind through a server of its own, and whether it forgets any or remembers too much.
 * Its upstream is the sandbox; the directory is deleted afterwards.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { fileList } from '../warehouse/engine.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';
import { makeScratch, removeScratch } from './scratch.ts';

/** Memory of the server, MiB; `heap` and `buffers` after a garbage collection. */
export interface SoakSample {
  requests: number;
  rss: number;
  heap: number;
  buffers: number;
}

export interface SoakResult {
  requests: number;
  /** How many of each kind were sent. */
  kinds: Record<string, number>;
  /** Records in the lake after the server stopped, and ids among them. */
  records: number;
  ids: number;
  seconds: number;
  samples: SoakSample[];
  /** Bytes a request in the second half of the run, by least squares. */
  slope: { rss: number; heap: number; buffers: number };
  exitCode: number | null;
}

/** Clients that send at the same time. */
const CLIENTS = 16;
/** Looks at the memory: so many, fewer in a short run. */
const SAMPLES = 20;
const LEAST_BETWEEN = 250;

const entry = fileURLToPath(
  new URL(`../cli/main.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
);
/** Loaded into the server: collects garbage when it is asked, and says what is left. */
const PROBE = `data:text/javascript,${encodeURIComponent(
  'process.on("message", () => { gc(); gc(); process.send(process.memoryUsage()); }); process.channel.unref();',
)}`;

/** @param say hears each sample as a line */
export async function runSoak(requests: number, say: (text: string) => void): Promise<SoakResult> {
  const directory = await makeScratch('soak');
  const data = join(directory, 'data');
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', PROBE, entry, 'start', '--data', data, '--port', '0', '--no-demo'],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        ...process.env,
        NO_COLOR: '1',
        STATEAI_CONFIG: '',
        STATEAI_LOG: 'silent',
      },
    },
  );
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  try {
    const { samples, kinds, seconds } = await send(await addressOf(child, ended), child, requests, say);
    child.kill('SIGTERM');
    const exitCode = await ended;
    say('Counting records');
    const half = samples.slice(Math.floor(samples.length / 2));
    const slope = (of: keyof SoakSample) => slopeOf(half.map((s) => [s.requests, s[of]])) * 2 ** 20;
    return {
      requests,
      kinds,
      ...(await countRecords(data)),
      seconds,
      samples,
      slope: { rss: slope('rss'), heap: slope('heap'), buffers: slope('buffers') },
      exitCode,
    };
  } finally {
    child.kill('SIGKILL');
    await ended;
    await removeScratch(directory);
  }
}

async function addressOf(child: ChildProcess, ended: Promise<number | null>): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      const found = /at (http:\S+)/.exec(text)?.[1];
      if (found) resolve(found);
    });
    void ended.then((code) => reject(new Error(`The server ended with ${code}`)));
  });
}

/** What is sent, each with its share. */
const KINDS = [
  ['whole', 70],
  ['stream', 15],
  ['messages', 5],
  ['unknown model', 4],
  ['no JSON', 3],
  ['cancelled stream', 3],
] as const;
type Kind = (typeof KINDS)[number][0];

const kindOf = (number: number): Kind => {
  let at = (number * 37) % 100;
  for (const [kind, share] of KINDS) {
    if (at < share) return kind;
    at -= share;
  }
  return 'whole';
};

async function send(url: string, child: ChildProcess, requests: number, say: (text: string) => void) {
  const pool = new Pool(url, { connections: CLIENTS });
  const kinds: Record<string, number> = {};
  const samples: SoakSample[] = [];
  const began = performance.now();
  let next = 0;
  // Rounds, so that memory is looked at while nothing is on its way.
  const rounds = Math.max(1, Math.min(SAMPLES, Math.floor(requests / LEAST_BETWEEN)));
  for (let round = 1; round <= rounds; round++) {
    const end = Math.round((requests * round) / rounds);
    const client = async () => {
      while (next < end) {
        const number = next++;
        const kind = kindOf(number);
        kinds[kind] = (kinds[kind] ?? 0) + 1;
        await request(pool, kind, number);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    const sample = { requests: end, ...(await memoryOf(child)) };
    samples.push(sample);
    const rate = Math.round(end / ((performance.now() - began) / 1000));
    const mib = (n: number) => `${n.toFixed(1)} MiB`;
    say(
      `${end.toLocaleString('en-GB')} requests, ${rate.toLocaleString('en-GB')}/s; RSS ${mib(sample.rss)}, heap ${mib(sample.heap)}, buffers ${mib(sample.buffers)}`,
    );
  }
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  return { samples, kinds, seconds };
}

async function request(pool: Pool, kind: Kind, number: number): Promise<void> {
  const stream = kind === 'stream' || kind === 'cancelled stream';
  const messages = [{ role: 'user', content: `Request ${number}. ${'Some words to carry. '.repeat(20)}` }];
  // Nobody knows these models, and each is another.
  const model = kind === 'unknown model' ? `nobody/model-${number}` : 'stateai/sandbox';
  const body = JSON.stringify({ model, messages, stream, max_tokens: 60, session_id: `session ${number}` });
  const answer = await pool.request({
    method: 'POST',
    path: kind === 'messages' ? '/api/v1/messages' : '/api/v1/chat/completions',
    headers: { 'content-type': 'application/json', 'x-title': `App ${number % 50}` },
    body: kind === 'no JSON' ? body.slice(0, -5) : body,
  });
  if (kind === 'cancelled stream') {
    answer.body.on('error', () => undefined);
    answer.body.destroy();
    return;
  }
  await answer.body.dump({ limit: 1 << 20 });
  const wanted = kind === 'unknown model' ? 404 : kind === 'no JSON' ? 400 : 200;
  if (answer.statusCode !== wanted)
    throw new Error(`request ${number} (${kind}) was answered with status ${answer.statusCode}`);
}

async function memoryOf(child: ChildProcess): Promise<Omit<SoakSample, 'requests'>> {
  const told = once(child, 'message');
  child.send('memory');
  const [memory] = (await told) as [NodeJS.MemoryUsage];
  const mib = (bytes: number) => bytes / 2 ** 20;
  return { rss: mib(memory.rss), heap: mib(memory.heapUsed), buffers: mib(memory.arrayBuffers) };
}

async function countRecords(data: string): Promise<{ records: number; ids: number }> {
  const warehouse = await openWarehouse(data);
  try {
    const store = warehouse.dataset('live');
    await store.settle();
    const { lake } = await store.manifest();
    const files = fileList(lake.map((f) => join(store.layout.lake, f.file)));
    const [row] = await (await store.engine()).query<{ records: number; ids: number }>(
      `SELECT count(*) AS records, count(DISTINCT id) AS ids FROM read_parquet(${files})`,
    );
    return { records: Number(row?.records ?? 0), ids: Number(row?.ids ?? 0) };
  } finally {
    await warehouse.close();
  }
}

/** Slope of the line through points by least squares; 0 for fewer than two. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const n = points.length;
  if (n < 2) return 0;
  const mean = (of: 0 | 1) => points.reduce((sum, p) => sum + p[of], 0) / n;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, p) => sum + (p[0] - x) * (p[1] - y), 0);
  const below = points.reduce((sum, p) => sum + (p[0] - x) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
