/** A server that is killed while records arrive has lost none that it acknowledged. */

import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { asJson, asProtobuf, type SentScope } from '../bench/otlp-spans.ts';
import { recordedIds } from '../bench/recorded-ids.ts';
import { startServer } from '../testing/server-process.ts';
import { temporaryDirectory } from '../testing/workspace.ts';

vi.setConfig({ testTimeout: 180_000 });

const SPANS = 50;
const traceId = (run: number, batch: number) => `${run + 1}`.padStart(16, '1') + `${batch}`.padStart(16, '0');
const spanId = (i: number) => `${i + 1}`.padStart(16, '0');
const scopes = (run: number, batch: number): SentScope[] => [
  {
    resource: {},
    scope: 'x',
    spans: Array.from({ length: SPANS }, (_, i) => ({
      traceId: traceId(run, batch),
      spanId: spanId(i),
      name: 'chat',
      start: Date.now() - 1000,
      end: Date.now(),
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'm',
        'gen_ai.usage.input_tokens': 1,
        'gen_ai.usage.output_tokens': 1,
      },
    })),
  },
];

it('killed again and again, in the middle of traces and records', async () => {
  await using directory = await temporaryDirectory();
  const data = join(directory.path, 'data');
  const acknowledged: string[] = [];
  for (let run = 0; run < 3; run++) {
    const server = await startServer({ data });
    const sender = async (from: number) => {
      for (let batch = from; ; batch += 4) {
        const kind = batch % 3;
        const record = (i: number) =>
          JSON.stringify({ id: `r${run}-${batch}-${i}`, createdAt: Date.now(), model: 'm', promptTokens: 1 });
        const ids = Array.from({ length: SPANS }, (_, i) =>
          kind === 2 ? `r${run}-${batch}-${i}` : `otlp:${traceId(run, batch)}:${spanId(i)}`,
        );
        const response = await fetch(`${server.url}${kind === 2 ? '/stats/v1/generations' : '/v1/traces'}`, {
          method: 'POST',
          headers: {
            'content-type': `application/${['json', 'x-protobuf', 'x-ndjson'][kind]}`,
          },
          body: (kind === 0
            ? asJson(scopes(run, batch))
            : kind === 1
              ? asProtobuf(scopes(run, batch))
              : ids.map((_, i) => record(i)).join('\n')) as BodyInit,
        });
        await response.arrayBuffer();
        if (response.status !== 200) throw new Error(`answered ${response.status}`);
        acknowledged.push(...ids);
        if (acknowledged.length >= (run + 1) * 60 * SPANS) server.child.kill('SIGKILL');
      }
    };
    const senders = await Promise.allSettled([0, 1, 2, 3].map(sender));
    await server.ended;
    for (const { status } of senders) expect(status).toBe('rejected');
  }
  const recorded = await recordedIds(data);
  const known = new Set(recorded);
  expect(known.size).toBe(recorded.length);
  expect(acknowledged.length).toBeGreaterThanOrEqual(180 * SPANS);
  expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
});
