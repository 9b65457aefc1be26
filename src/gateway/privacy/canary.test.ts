/** No text of a prompt or an answer stays anywhere: not on the disk, not in what is told, not in memory. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FakeUpstream } from '../../testing/gateway.ts';
import { type ServerProcess, startServer } from '../../testing/server-process.ts';
import { temporaryDirectory } from '../../testing/workspace.ts';
import { openEngine } from '../../warehouse/engine.ts';
import type { ProviderFile } from '../config/schema.ts';
import { createCanaries } from './canaries.fixture.ts';
import { askAndStay, PROVIDERS, sendCanaries, type Traffic } from './canary-requests.fixture.ts';
import { canaryUpstream, MODELS } from './canary-upstream.fixture.ts';
import { heapSnapshot, snapshotArgs } from './heap-snapshot.fixture.ts';
import { ENCODINGS, type Found, scanBytes, scanDirectory, scanPlain } from './scanner.fixture.ts';

/** Stands in names that are recorded by contract: where it is not found, nothing was looked at. */
const control = createCanaries().marker;
const MOST_BYTES = 400_000;
/** Providers whose addresses are fixed are called at the upstream too. */
const REDIRECT = join(import.meta.dirname, 'redirect-clouds.fixture.ts');

// Whole servers, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

test('the scanner finds a marker in every form, on the disk and in memory', async () => {
  const { marker, next } = createCanaries();
  await using directory = await temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  const planted = at('planted');
  await mkdir(planted);
  const pack = { gzip: gzipSync, zlib: deflateSync, zstd: zstdCompressSync };
  const forms = new Set<string>();
  for (const [name, encode] of Object.entries(ENCODINGS))
    for (const [i, form] of encode(marker).entries()) {
      const text = Buffer.concat([Buffer.alloc(5000, 120 + i), form, Buffer.alloc(5000, 90)]);
      await writeFile(join(planted, `${name} ${i}`), text);
      forms.add(name);
      for (const [packing, compress] of Object.entries(pack)) {
        await writeFile(join(planted, `${name} ${i}.${packing}`), [
          Buffer.from('front'),
          compress(text),
          text,
        ]);
        forms.add(`${packing}, ${name}`);
      }
    }
  for (let shift = 0; shift < 3; shift++)
    expect(
      scanPlain(Buffer.from(Buffer.from(`${'é'.repeat(shift)}${next('x')}`).toString('base64')), marker, ''),
    ).not.toEqual([]);
  const engine = await openEngine({ tempDir: join(planted, 'spill') });
  for (const codec of ['zstd', 'snappy'])
    await engine.run(
      `COPY (SELECT '${next(codec)}' || range AS text FROM range(2000)) TO '${planted}/${codec}.parquet' (FORMAT parquet, COMPRESSION ${codec})`,
    );
  engine.close();
  const found = await scanDirectory(planted, marker);
  expect(new Set(found.map((f) => f.encoding))).toEqual(new Set([...forms].filter((f) => f)));
  for (const codec of ['zstd', 'snappy'])
    expect(found.filter((f) => f.where === `rows of ${planted}/${codec}.parquet`)).not.toEqual([]);

  // Kept: a slice of a long string, parts of a joined one, a member's name.
  const script = `const m = process.argv[1];
    const flat = (text) => JSON.parse(JSON.stringify(text));
    const long = flat('x'.repeat(50000) + m + '1' + 'x'.repeat(50000));
    globalThis.kept = [long.slice(100, 200), flat(m + '2') + flat('y'.repeat(99)), { [flat(m + '3')]: 1 }];
    process.stdout.write('ready'); setInterval(() => 0, 1000);`;
  await mkdir(at('leaky'));
  const leaky = spawn(process.execPath, [...snapshotArgs(at('leaky')), '-e', script, marker]);
  await new Promise((resolve) => leaky.stdout.once('data', resolve));
  const text = await heapSnapshot(at('leaky'), leaky.pid ?? 0);
  leaky.kill('SIGKILL');
  for (const n of [1, 2, 3]) expect(scanPlain(text, `${marker}${n}`, 'heap')).not.toEqual([]);
});

describe.each([0, 2])('a server with %i gateway workers', (workers) => {
  const canaries = createCanaries();
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let upstream: FakeUpstream;
  let server: ServerProcess;
  let answers: string[];
  /** Connections that idle, with a canary in the last request of each. */
  const staying: Socket[] = [];
  const at = (name: string) => join(directory.path, name);

  beforeAll(async () => {
    directory = await temporaryDirectory();
    for (const name of ['tmp', 'heap']) await mkdir(at(name));
    upstream = await canaryUpstream(canaries.next);
    const models = MODELS.map((id) => ({ slug: `acme/${control}-${id}`, id }));
    const provider = (slug: (typeof PROVIDERS)[number], where: Partial<ProviderFile>) => ({
      ...where,
      slug: `${slug}-${control}`,
      apiKey: 'key',
      lists: false,
      models: models.map((m) => ({ ...m, slug: m.slug.replace('acme', slug) })),
    });
    server = await startServer({
      data: at('data'),
      env: {
        TMPDIR: at('tmp'),
        STATEAI_LOG: 'info',
        OPENAI_API_KEY: '',
        AWS_REGION: 'us-east-1',
        CANARY_CLOUDS: new URL(upstream.url).origin,
      },
      nodeArgs: [...snapshotArgs(at('heap')), '--import', REDIRECT],
      args: ['--workers', String(workers)],
      config: {
        sandbox: true,
        // Every prompt is read, and none is kept.
        sampleRate: 1,
        maxBodyBytes: MOST_BYTES,
        retries: { perEndpoint: 0, baseMs: 1, failuresToOpen: 1000 },
        providers: [
          provider('chatty', { url: upstream.url, dialects: ['chat', 'completions', 'embeddings'] }),
          provider('wordy', { url: upstream.url, dialects: ['messages'] }),
          provider('gemini', { preset: 'google-vertex' }),
          provider('converse', { preset: 'amazon-bedrock' }),
          { slug: 'open', url: upstream.url, lists: false },
        ],
      },
    });
    const traffic: Traffic = {
      url: `${server.url}/api/v1`,
      name: (slug, model) => `${slug}/${control}-${model}`,
      plant: canaries.next,
      mostBytes: MOST_BYTES,
    };
    answers = await sendCanaries(traffic);
    for (const stream of [false, true]) staying.push(await askAndStay(traffic, stream));
    await settled();
  });
  afterAll(async () => {
    for (const socket of staying) socket.destroy();
    await server?.stop('SIGKILL');
    await upstream?.close();
    await directory?.[Symbol.asyncDispose]();
  });

  const ask = (app: string) =>
    fetch(`${server.url}/api/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-title': app },
      body: JSON.stringify({ model: 'stateai/sandbox', messages: [{ role: 'user', content: 'Hello.' }] }),
    }).then((response) => response.text());

  /** Ordinary requests follow, and everything reaches the lake. */
  async function settled(): Promise<void> {
    for (let i = 0; i < 5; i++) await Promise.all(Array.from({ length: 8 }, () => ask(control)));
    await vi.waitFor(
      async () => {
        const text = await get('/metrics');
        expect(text).toMatch(/stateai_requests_in_flight 0/);
        expect(text).toMatch(/stateai_records_waiting 0/);
        const total = [...text.matchAll(/^gen_ai_server_request_duration_seconds_count{.*} (\d+)$/gm)];
        const { datasets } = JSON.parse(await get('/stats/v1/datasets'));
        expect(datasets[0]?.requests).toBe(total.reduce((sum, [, n]) => sum + Number(n), 0));
      },
      { timeout: 30_000, interval: 300 },
    );
  }

  const get = async (path: string): Promise<string> => (await fetch(server.url + path)).text();

  /** Every canary that was found, by the name of where it had been put. */
  const leaks = (found: Found[]): string[] => [
    ...new Set(
      found.map((f) => `${canaries.namesIn(f.near).join(', ') || f.near} in ${f.where} (${f.encoding})`),
    ),
  ];

  test('the canaries went all the way: into upstreams, and back to the client', () => {
    const sent = upstream.requests.map((r) => r.body).join('\n');
    const named = new Set(canaries.namesIn(sent));
    for (const name of ['system prompt', 'middle of a long prompt', 'tool result'])
      for (const provider of PROVIDERS)
        expect(
          [...named].some((n) => n.startsWith(name) && n.includes(`, ${provider}/`)),
          `${name} at ${provider}`,
        ).toBe(true);
    const told = new Set(canaries.namesIn(answers.join('\n')));
    for (const where of ['/v1/chat/completions', ':generateContent', '/converse'])
      for (const name of ['completion of echo', 'reasoning of echo', 'tool arguments of echo'])
        expect(
          [...told].some((n) => n.startsWith(name) && n.endsWith(where)),
          `${name} from ${where}`,
        ).toBe(true);
    // The beginning of an error's text, in which the prompt comes back.
    for (const cloud of ['gemini', 'converse'])
      expect(
        [...told].some((n) => n.includes(`, ${cloud}/`) && n.endsWith('-error-json')),
        cloud,
      ).toBe(true);
    expect(canaries.names().length).toBeGreaterThan(500);
  });

  test('every prompt was classified', async () => {
    const text = await get('/metrics');
    const count = (name: string) => Number(new RegExp(`^stateai_${name}_total (\\d+)$`, 'm').exec(text)?.[1]);
    expect(count('generations_labelled')).toBeGreaterThan(150);
    expect(count('generations_labelled')).toBe(count('generations_sampled'));
    expect(count('labels_dropped')).toBe(0);
  });

  test('nothing that the server tells holds a canary', async () => {
    const ids = [...server.output().stderr.matchAll(/"id":"(gen-\w+-\w+)"/g)].map((m) => m[1]);
    expect(ids.length).toBeGreaterThan(150);
    const { exhibits } = JSON.parse(await get('/stats/v1/exhibits'));
    const paths = [
      '/metrics',
      '/readyz',
      '/api/v1/models',
      '/api/v1/providers',
      '/stats/v1/datasets',
      ...['model', 'provider', 'app'].map((key) => `/stats/v1/datasets/live/values?key=${key}`),
      ...exhibits.flatMap(({ id }: { id: string }) =>
        ['', '/csv', '/sql', '/svg'].map((kind) => `/stats/v1/exhibits/${id}${kind}?grain=day`),
      ),
      ...ids.map((id) => `/api/v1/generation?id=${id}`),
    ];
    const found: Found[] = [];
    const controls = new Set<string>();
    for (const path of paths) {
      const bytes = Buffer.from(await (await fetch(server.url + path)).arrayBuffer());
      found.push(...(await scanBytes(bytes, canaries.marker, path)));
      if (scanPlain(bytes, control, path).length > 0)
        controls.add(path.replace(/=gen-.*/, '=').replace(/F\d+|T\d+/, ''));
    }
    expect(leaks(found)).toEqual([]);
    for (const path of ['/metrics', '/api/v1/generation?id=', '/stats/v1/datasets/live/values?key=model'])
      expect(controls).toContain(path);
    expect([...controls].some((path) => path.includes('/csv'))).toBe(true);
  });

  test('titles of apps are recorded, a hundred characters of them', async () => {
    const { values } = JSON.parse(await get('/stats/v1/datasets/live/values?key=app'));
    const apps = values.map((v: { value: string }) => v.value);
    expect(apps).toContain(control);
    const long = apps.find((a: string) => a.startsWith('A title'));
    expect(long).toHaveLength(100);
  });

  test('no canary is left in memory', async () => {
    expect(staying.map((socket) => socket.destroyed)).toEqual([false, false]);
    const pids = [server.child.pid ?? 0, ...(workers > 0 ? workersOf(server) : [])];
    expect(pids).toHaveLength(1 + workers);
    for (const pid of pids) {
      const text = await heapSnapshot(at('heap'), pid);
      expect(leaks(scanPlain(text, canaries.marker, `heap of ${pid}`))).toEqual([]);
      // By contract, for GET /generation.
      expect(scanPlain(text, control, 'heap')).not.toEqual([]);
      // Long strings stand in it whole: this one behind thousands of characters of source.
      expect(text.includes('The built page lies in dist/web')).toBe(true);
    }
  });

  test('no canary is left on the disk, nor in what the process printed', async () => {
    expect(await server.stop()).toBe(0);
    for (const name of ['data', 'tmp']) {
      await writeFile(join(at(name), 'planted'), control);
      expect(leaks(await scanDirectory(at(name), canaries.marker))).toEqual([]);
      expect((await scanDirectory(at(name), control)).some((f) => f.where.endsWith('planted'))).toBe(true);
    }
    const where = (await scanDirectory(at('data'), control)).map((f) => f.where);
    expect(where.some((w) => w.startsWith('rows of') && w.includes('/lake/'))).toBe(true);
    const { stdout, stderr } = server.output();
    expect(leaks(await scanBytes(Buffer.from(stdout + stderr), canaries.marker, 'output'))).toEqual([]);
    expect(scanPlain(Buffer.from(stderr), control, 'output')).not.toEqual([]);
  });
});

/** Gateway workers; processes that settle records are children of the first one too. */
const workersOf = ({ child }: ServerProcess): number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(child.pid)])
    .toString()
    .split('\n')
    .filter((line) => line.includes(' start '))
    .map((line) => Number.parseInt(line, 10));
