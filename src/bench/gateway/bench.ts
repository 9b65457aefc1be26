/**
 * The gateway against a direct connection, nginx and Portkey, all before the same upstream, in one run: the proxies on
 * one core, load and upstream on the other.
 */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { judge, type Measurement, median, quantile } from '../measure.ts';
import { makeScratch, removeScratch } from '../scratch.ts';
import type { LoadResult } from './load.ts';
import { nginx, portkey, type Target } from './peers.ts';
import { CLI, has, type Running, run, script } from './processes.ts';

/** Bytes: a small request, the study's mean prompt, a coding prompt. */
const PAYLOADS = [
  ['1 KB', 1000],
  ['24 KB', 24_000],
  ['80 KB', 80_000],
] as const;
const CONNECTIONS = 16;
const MODEL = 'openai/gpt-4o-mini';
const [PROXY_CORE, LOAD_CORE] = cpus().length > 1 ? [0, 1] : [null, null];

export async function benchGateway(seconds: number, say: (text: string) => void): Promise<Measurement[]> {
  const directory = await makeScratch('bench');
  const started: Running[] = [];
  const keep = <T extends Target | null>(target: T): T => {
    if (target?.process) started.push(target.process);
    return target;
  };
  try {
    const upstream = run(process.execPath, [script('upstream')], LOAD_CORE);
    started.push(upstream);
    const port = Number((await upstream.output(/^(\d+)$/m))[1]);
    const direct: Target = {
      name: 'direct',
      url: `http://127.0.0.1:${port}/v1/chat/completions`,
      headers: {},
      process: null,
    };
    const proxy = keep(await nginx(directory, port, PROXY_CORE));
    if (!proxy) say('nginx is not installed: nothing is compared with it');
    const portkeyTarget = keep(await portkey(directory, port, PROXY_CORE, say));
    const off = keep(await ours(join(directory, 'off'), port, false));
    const on = keep(await ours(join(directory, 'on'), port, true));
    const targets = [direct, proxy, portkeyTarget, off, on].filter((t) => t !== null);

    const out: Measurement[] = [];
    for (const [label, bytes] of PAYLOADS) {
      const body = join(directory, `${bytes}.json`);
      await writeFile(body, requestBody(bytes));
      const results = new Map<Target, Result>();
      for (const target of targets) {
        say(`${label}: ${target.name}`);
        results.set(target, await load(target, body, seconds));
      }
      out.push(...compare(label, results, { direct, proxy, portkeyTarget, off, on }));
    }
    out.push(await firstByte(direct, on, say));
    out.push(await whileMartsBuild(on, directory, say));
    return out;
  } finally {
    await Promise.all(started.map((p) => p.stop()));
    await removeScratch(directory);
  }
}

async function ours(dataDir: string, upstreamPort: number, recording: boolean): Promise<Target> {
  await mkdir(dataDir, { recursive: true });
  await writeFile(
    join(dataDir, 'gateway.yaml'),
    `environment: false
recording: ${recording}
providers:
  - slug: up
    url: http://127.0.0.1:${upstreamPort}/v1
    models: [{ slug: ${MODEL}, prices: { prompt: 0.15, completion: 0.6 } }]
`,
  );
  const child = run(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', CLI, 'start', '--no-demo', '--data', dataDir, '--port', '0'],
    PROXY_CORE,
  );
  const [, address] = await child.output(/StateAI is at (\S+)/);
  return {
    name: `StateAI, recording ${recording ? 'on' : 'off'}`,
    url: `${address?.replace('localhost', '127.0.0.1')}/api/v1/chat/completions`,
    headers: {},
    process: child,
  };
}

/** A conversation of about so many bytes. */
function requestBody(bytes: number, stream = false): string {
  const words = 'a question about the code that follows '.repeat(Math.ceil(bytes / 39)).slice(0, bytes);
  return JSON.stringify({ model: MODEL, stream, messages: [{ role: 'user', content: words }] });
}

interface Result extends LoadResult {
  rate: number;
  /** Seconds of processor time for 1,000 requests. */
  cpu: number;
  memory: number;
}

async function load(
  { url, headers, process: target }: Target,
  body: string,
  seconds: number,
): Promise<Result> {
  const generator = run(
    process.execPath,
    [script('load'), url, String(CONNECTIONS), String(seconds), body, JSON.stringify(headers)],
    LOAD_CORE,
  );
  await generator.output(/warm/);
  const before = target?.cpu() ?? 0;
  const [text] = await generator.output(/\{.*\}/);
  const result = JSON.parse(text) as LoadResult;
  if (result.errors > 0)
    throw new Error(`${result.errors} of ${result.requests} answers of ${url} were errors`);
  const cpu = ((target?.cpu() ?? 0) - before) / (result.requests / 1000);
  return { ...result, rate: result.requests / result.seconds, cpu, memory: target?.memory() ?? 0 };
}

interface Roles {
  direct: Target;
  proxy: Target | null;
  portkeyTarget: Target | null;
  off: Target;
  on: Target;
}

function compare(payload: string, results: ReadonlyMap<Target, Result>, roles: Roles): Measurement[] {
  const of = (target: Target | null) => (target ? (results.get(target) ?? null) : null);
  const [direct, proxy, other, off, on] = [
    roles.direct,
    roles.proxy,
    roles.portkeyTarget,
    roles.off,
    roles.on,
  ].map(of);
  if (!on || !direct) return [];
  const detail = Object.fromEntries(
    [...results].flatMap(([target, r]) => [
      [`${target.name} requests/s`, Math.round(r.rate)],
      [`${target.name} p50 ms`, r.p50],
      [`${target.name} p99 ms`, r.p99],
      [`${target.name} cpu s/1000`, r.cpu],
      [`${target.name} MiB`, Math.round(r.memory)],
    ]),
  );
  const value = `${show(on)}, + ${(on.p50 - direct.p50).toFixed(2)} ms p50, + ${(on.p99 - direct.p99).toFixed(2)} ms p99`;
  const base = { bench: 'gateway', value, detail };
  return [
    ...(proxy
      ? [
          judge(
            {
              ...base,
              name: `${payload}: rate against nginx`,
              against: `nginx ${show(proxy)}`,
              ratio: on.rate / proxy.rate,
            },
            '>=',
            0.4,
          ),
        ]
      : []),
    ...(other
      ? [
          judge(
            {
              ...base,
              name: `${payload}: rate against Portkey`,
              against: `Portkey ${show(other)}`,
              ratio: on.rate / other.rate,
            },
            '>=',
            10,
          ),
        ]
      : []),
    ...(off
      ? [
          judge(
            {
              ...base,
              name: `${payload}: recording on against off`,
              against: `off ${show(off)}`,
              ratio: on.rate / off.rate,
            },
            '>=',
            0.8,
          ),
        ]
      : []),
  ];
}

const show = (r: Result): string =>
  `${Math.round(r.rate).toLocaleString('en-GB')}/s, ${(r.cpu * 1000).toFixed(0)} CPU ms/1000, ${Math.round(r.memory)} MiB`;

/** One stream after the other, direct and through the gateway in turns: the wait for the first byte of the body. */
async function firstByte(direct: Target, on: Target, say: (text: string) => void): Promise<Measurement> {
  say('First streamed byte');
  const body = requestBody(1000, true);
  const waits = async ({ url }: Target) => {
    const start = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const reader = response.body?.getReader();
    await reader?.read();
    const wait = performance.now() - start;
    while (reader && !(await reader.read()).done);
    return wait;
  };
  const [plain, through]: [number[], number[]] = [[], []];
  for (let i = 0; i < 600; i++) {
    const [a, b] = [await waits(direct), await waits(on)];
    if (i < 200) continue;
    plain.push(a);
    through.push(b);
  }
  const added = median(through) - median(plain);
  return judge(
    {
      bench: 'gateway',
      name: 'first streamed byte, added ms (median)',
      value: `${median(through).toFixed(2)} ms`,
      against: `direct ${median(plain).toFixed(2)} ms`,
      ratio: added,
      detail: { addedP99: quantile(through, 0.99) - quantile(plain, 0.99) },
    },
    '<=',
    1,
  );
}

/** Latency of a light load while another process makes a simulated world and its marts. */
async function whileMartsBuild(
  on: Target,
  directory: string,
  say: (text: string) => void,
): Promise<Measurement> {
  say('p99 while marts are built');
  const body = join(directory, 'light.json');
  await writeFile(body, requestBody(24_000));
  const light = async (seconds: number): Promise<LoadResult> => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      script('load'),
      on.url,
      '2',
      String(seconds),
      body,
      '{}',
      '100',
    ]);
    return JSON.parse(stdout.replace('warm', '')) as LoadResult;
  };
  const idle = await light(5);
  const building = run(
    has('nice') ? 'nice' : process.execPath,
    [
      ...(has('nice') ? ['-n', '10', process.execPath] : []),
      '--disable-warning=ExperimentalWarning',
      CLI,
      'simulate',
      '--generations',
      '5e6',
      '--data',
      join(directory, 'world'),
    ],
    null,
  );
  await new Promise((resolve) => setTimeout(resolve, 8000));
  const busy = await light(5);
  await building.stop();
  return judge(
    {
      bench: 'gateway',
      name: 'p99 while marts rebuild',
      value: `${busy.p99.toFixed(2)} ms`,
      against: `idle ${idle.p99.toFixed(2)} ms`,
      ratio: busy.p99 / idle.p99,
      detail: { idleP50: idle.p50, busyP50: busy.p50 },
    },
    '<=',
    2,
  );
}
