/**
 * Importing agents' logs into a new data directory, records, lake and marts, against ccusage, which adds up the same
 * files natively and keeps nothing. Whole processes in turn, both with warm files and on the same processors.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { StateaiError } from '../generation/errors.ts';
import { ccusageCommand, findCcusage } from './agent-logs/ccusage.ts';
import { type AgentFormat, writeAgentLogs } from './agent-logs/write.ts';
import { CLI } from './gateway/processes.ts';
import { judge, type Measurement, median, seconds } from './measure.ts';
import { makeScratch, removeScratch } from './scratch.ts';

const RUNS = 5;

export async function benchLogs(megabytes: number, say: (text: string) => void): Promise<Measurement[]> {
  if (!(megabytes >= 1 && megabytes <= 1e5))
    throw new StateaiError('bad_filter', '--megabytes is out of range', 'Use a number from 1 to 1e5.');
  const directory = await makeScratch('bench-logs');
  const ccusage = findCcusage();
  if (!ccusage) say('ccusage is not installed: import alone is measured');
  const out: Measurement[] = [];
  try {
    for (const format of ['claude-code', 'codex'] as const) {
      const logs = join(directory, format);
      say(`Writing ${megabytes} MB of ${format} logs`);
      const { bytes, files } = await writeAgentLogs(logs, format, { bytes: megabytes * 1e6 });
      say(`Importing ${format}`);
      out.push(...(await benchFormat(format, logs, bytes, files, directory, ccusage)));
      await rm(logs, { recursive: true });
    }
    return out;
  } finally {
    await removeScratch(directory);
  }
}

async function benchFormat(
  format: AgentFormat,
  logs: string,
  bytes: number,
  files: number,
  directory: string,
  ccusage: string | null,
): Promise<Measurement[]> {
  const data = join(directory, 'data');
  const importing = ['--disable-warning=ExperimentalWarning', CLI, 'import', format, logs, '--data', data];
  const times: Record<'first' | 'again' | 'ccusage' | 'ccusageAgain', Times[]> = {
    first: [],
    again: [],
    ccusage: [],
    ccusageAgain: [],
  };
  const count = async () => {
    if (!ccusage) return { wall: Number.NaN, processor: Number.NaN };
    const { args, env } = ccusageCommand(format, logs);
    return run(ccusage, args, env);
  };
  const session = await openSession(logs);
  // The first round warms up.
  for (let round = 0; round <= RUNS; round++) {
    await rm(data, { recursive: true, force: true });
    await session.begin();
    const measured = {
      first: await run(process.execPath, importing),
      ccusage: await count(),
    };
    await session.goOn();
    const again = { again: await run(process.execPath, importing), ccusageAgain: await count() };
    if (round === 0) continue;
    for (const [name, value] of Object.entries({ ...measured, ...again }))
      times[name as keyof typeof times].push(value);
  }
  const size = { megabytes: bytes / 1e6, files };
  return [
    compared(`${format} → a new dataset`, times.first, times.ccusage, size),
    compared(`${format}, again with one log grown`, times.again, times.ccusageAgain, size),
  ];
}

/** So many lines are written between two imports. */
const NEW_LINES = 60;

/** One of the logs, whose last lines come later: a session that goes on. */
async function openSession(logs: string): Promise<{ begin(): Promise<void>; goOn(): Promise<void> }> {
  const entries = await readdir(logs, { recursive: true, withFileTypes: true });
  const [path] = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (path === undefined) throw new StateaiError('failed', `${logs} holds no log`, '');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const rest = lines.splice(-NEW_LINES).map((line) => `${line}\n`);
  const size = Buffer.byteLength(lines.map((line) => `${line}\n`).join(''));
  return { begin: () => truncate(path, size), goOn: () => appendFile(path, rest.join('')) };
}

function compared(
  name: string,
  ours: readonly Times[],
  theirs: readonly Times[],
  size: { megabytes: number; files: number },
): Measurement {
  const wall = (times: readonly Times[]) => median(times.map((t) => t.wall));
  const processor = (times: readonly Times[]) => median(times.map((t) => t.processor));
  const measurement = judge(
    {
      bench: 'logs',
      name,
      value: `${seconds(wall(ours))} (processor ${seconds(processor(ours))})`,
      against: `ccusage ${seconds(wall(theirs))} (processor ${seconds(processor(theirs))})`,
      ratio: wall(theirs) / wall(ours),
      detail: {
        ...size,
        runs: ours.length,
        seconds: wall(ours),
        processorSeconds: processor(ours),
        ccusageSeconds: wall(theirs),
        ccusageProcessorSeconds: processor(theirs),
        processorRatio: processor(theirs) / processor(ours),
      },
    },
    '>=',
    1,
  );
  if (Number.isFinite(measurement.ratio)) return measurement;
  return { ...measurement, against: 'ccusage is not installed', target: '–', ok: true };
}

interface Times {
  wall: number;
  /** User and system time of the process and its threads. */
  processor: number;
}

/** Seconds that a program takes. The shell tells the processor time of its children. */
async function run(program: string, args: readonly string[], env = process.env): Promise<Times> {
  if (!existsSync('/bin/sh')) throw new StateaiError('failed', 'This bench needs a POSIX shell', '');
  const start = performance.now();
  const script = '"$@" >/dev/null 2>&1 || echo failed; times';
  const child = spawn('/bin/sh', ['-c', script, 'sh', program, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk;
  const wall = (performance.now() - start) / 1000;
  if (text.includes('failed')) throw new StateaiError('failed', `${program} ${args.join(' ')} failed`);
  const [user, system] = (text.trim().split('\n').at(-1) ?? '').split(' ').map((spent) => {
    const [minutes, rest] = spent.split('m');
    return Number(minutes) * 60 + Number(rest?.replace('s', ''));
  });
  return { wall, processor: (user ?? Number.NaN) + (system ?? Number.NaN) };
}
