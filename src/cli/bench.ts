/** `stateai bench`: a table for people, JSON for machines. */
import { cpus, totalmem } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { BENCHES, type BenchName, runBench } from '../bench/bench.ts';
import { benchClassify } from '../bench/classify.ts';
import { benchDoors } from '../bench/doors.ts';
import { benchGateway } from '../bench/gateway/bench.ts';
import { benchLogs } from '../bench/logs.ts';
import type { Measurement } from '../bench/measure.ts';
import { runSoak } from '../bench/soak.ts';
import { benchStudy, comparisonTable } from '../bench/study.ts';
import { StateaiError } from '../generation/errors.ts';

type Say = (text: string) => void;

interface Options {
  format: 'table' | 'json';
  rows: string;
  seconds: string;
  requests: string;
  megabytes: string;
}

/** Benches that need no generated records. */
const ALONE: Readonly<
  Record<string, (options: Options, say: Say) => Promise<Measurement[]> | Measurement[]>
> = {
  gateway: (options, say) => benchGateway(Number(options.seconds), say),
  doors: (_options, say) => benchDoors(say),
  classify: (_options, say) => benchClassify(say),
  logs: (options, say) => benchLogs(Number(options.megabytes), say),
};

export async function benchCommand(name: string | undefined, options: Options): Promise<void> {
  const say = (text: string) => process.stderr.write(`${text} …\n`);
  if (name === 'soak') return soak(options.requests, options.format);
  const rows = Number(options.rows);
  if (!Number.isInteger(rows) || rows < 1000 || rows > 1e9)
    throw new StateaiError(
      'bad_filter',
      `--rows is "${options.rows}"`,
      'Use a whole number from 1000 to 1e9, for example 50e6.',
    );
  if (name === 'study') return study(rows, options.format, say);
  const alone = name === undefined ? undefined : ALONE[name];
  const names: BenchName[] = [...BENCHES, 'world' as const].filter((b) =>
    name === undefined ? b !== 'world' : b === name,
  );
  if (names.length === 0 && !alone)
    throw new StateaiError(
      'bad_filter',
      `"${name}" is not a bench`,
      `Benches: ${[...BENCHES, 'world', ...Object.keys(ALONE)].join(', ')}, study, soak.`,
    );
  const results = alone ? await alone(options, say) : await runBench(names, rows, say);
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  if (options.format === 'json') {
    process.stdout.write(`${JSON.stringify({ machine, rows, results }, null, 2)}\n`);
    return;
  }
  const lines = [
    ['', 'what', 'measured', 'against', 'ratio', 'wanted'],
    ...results.map((r) => [
      r.ok ? pc.green('✓') : pc.red('✗'),
      r.name,
      r.value,
      r.against,
      r.ratio.toFixed(2),
      r.target,
    ]),
  ];
  printTable(lines);
  process.stdout.write(
    `\n${alone ? '' : `${rows.toLocaleString('en-GB')} rows; `}${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.date}; peak memory ${machine.peakRssMiB} MiB\n`,
  );
}

/** The study's printed numbers beside a simulated world; not a matter of speed, so without ratios. */
async function study(rows: number, format: 'table' | 'json', say: (text: string) => void): Promise<void> {
  const seed = 7;
  const comparisons = await benchStudy(rows, seed, say);
  if (format === 'json') {
    process.stdout.write(
      `${JSON.stringify({ generations: rows, seed, simulated: true, comparisons }, null, 2)}\n`,
    );
    return;
  }
  printTable(comparisonTable(comparisons));
  const within = comparisons.filter((c) => c.within).length;
  process.stdout.write(
    `\n${within} of ${comparisons.length} printed numbers within their tolerance; ${rows.toLocaleString('en-GB')} simulated generations, seed ${seed}\n`,
  );
}

/** Are all requests recorded, and does memory stay level. Fails where a record is missing or twice there. */
async function soak(given: string, format: 'table' | 'json'): Promise<void> {
  const requests = Number(given);
  if (!Number.isInteger(requests) || requests < 1000 || requests > 1e8)
    throw new StateaiError(
      'bad_filter',
      `--requests is "${given}"`,
      'Use a whole number from 1000 to 1e8, for example 1e6.',
    );
  const result = await runSoak(requests, (text) => process.stderr.write(`${text}\n`));
  const whole = (n: number) => Math.round(n).toLocaleString('en-GB');
  if (format === 'json') process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    printTable([
      ['requests', 'RSS MiB', 'heap MiB', 'buffers MiB'],
      ...result.samples.map((s) => [
        whole(s.requests),
        ...[s.rss, s.heap, s.buffers].map((mib) => mib.toFixed(1)),
      ]),
    ]);
    const { rss, heap, buffers } = result.slope;
    process.stdout.write(
      `\n${whole(result.requests)} requests in ${whole(result.seconds)} s (${whole(result.requests / result.seconds)}/s), ` +
        `${whole(result.records)} records, ${whole(result.ids)} of them different\n` +
        `Second half: heap ${heap.toFixed(1)}, buffers ${buffers.toFixed(1)}, RSS ${rss.toFixed(1)} bytes a request\n`,
    );
  }
  if (result.records !== requests || result.ids !== requests || result.exitCode !== 0)
    throw new StateaiError(
      'failed',
      `${requests} requests left ${result.records} records of ${result.ids} ids; the server ended with ${result.exitCode}`,
    );
}

function printTable(lines: readonly string[][]): void {
  const widths = lines[0]?.map((_, i) => Math.max(1, ...lines.map((l) => stripped(l[i]).length))) ?? [];
  for (const line of lines) {
    const cells = line.map((text, i) => text + ' '.repeat((widths[i] ?? 0) - stripped(text).length));
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
}

/** Without colours, which take no room. */
const stripped = (text = ''): string => stripVTControlCharacters(text);
