/** `stateai bench`: a table for people, JSON for machines. */
import { cpus, totalmem } from 'node:os';
import pc from 'picocolors';
import { BENCHES, type BenchName, runBench } from '../bench/bench.ts';
import { StateaiError } from '../generation/errors.ts';

export async function benchCommand(
  name: string | undefined,
  options: { format: 'table' | 'json'; rows: string },
): Promise<void> {
  const rows = Number(options.rows);
  if (!Number.isInteger(rows) || rows < 1000 || rows > 1e9)
    throw new StateaiError(
      'bad_filter',
      `--rows is "${options.rows}"`,
      'Use a whole number from 1000 to 1e9, for example 50e6.',
    );
  const names = name === undefined ? BENCHES : BENCHES.filter((b) => b === name);
  if (names.length === 0)
    throw new StateaiError('bad_filter', `"${name}" is not a bench`, `Benches: ${BENCHES.join(', ')}.`);
  const results = await runBench(names as readonly BenchName[], rows, (text) =>
    process.stderr.write(`${text} …\n`),
  );
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
  const widths =
    lines[0]?.map((_, i) => Math.max(...lines.map((l) => (i === 0 ? 1 : (l[i] ?? '').length)))) ?? [];
  for (const line of lines)
    process.stdout.write(
      `${line.map((t, i) => (i === 0 ? t || ' ' : t.padEnd(widths[i] ?? 0))).join('  ')}\n`,
    );
  process.stdout.write(
    `\n${rows.toLocaleString('en-GB')} rows; ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.date}; peak memory ${machine.peakRssMiB} MiB\n`,
  );
}
