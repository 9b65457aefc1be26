import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { metricsSum } from './metrics-sum.ts';

/** A process that counted so many requests. */
async function measured(requests: number) {
  const registers = [new Registry()];
  const labelNames = ['model'] as const;
  new Counter({ name: 'requests_total', help: 'h', labelNames, registers }).labels('m').inc(requests);
  new Gauge({ name: 'in_flight', help: 'h', registers }).set(requests);
  const seconds = new Histogram({ name: 'seconds', help: 'h', buckets: [1, 2], registers });
  for (let i = 0; i < requests; i++) seconds.observe(1.5);
  return (registers[0] as Registry).getMetricsAsJSON();
}
const valueIn = (text: string, name: string): number =>
  Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'm').exec(text)?.[1]);

test('no counter falls when a process ends or does not answer; gauges are of those that do', async () => {
  const sum = metricsSum<string>();
  const [ten, five] = [await measured(10), await measured(5)];
  const all = async (answers: [string, Awaited<ReturnType<typeof measured>> | null][]) => {
    const text = await sum.text(new Map(answers));
    return ['requests_total', 'seconds_count', 'in_flight'].map((name) => valueIn(text, name));
  };
  expect(
    await all([
      ['a', ten],
      ['b', five],
    ]),
  ).toEqual([15, 15, 15]);
  expect(
    await all([
      ['a', ten],
      ['b', null],
    ]),
  ).toEqual([15, 15, 10]);
  sum.gone('a');
  expect(await all([['b', five]])).toEqual([15, 15, 5]);
  expect(
    await all([
      ['b', five],
      ['c', await measured(1)],
    ]),
  ).toEqual([16, 16, 6]);
  sum.gone('b');
  sum.gone('c');
  expect((await all([])).slice(0, 2)).toEqual([16, 16]);
});
