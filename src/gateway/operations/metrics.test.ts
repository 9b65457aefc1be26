import { expect, test } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import type { Exchange } from '../exchange.ts';
import { createMetrics } from './metrics.ts';

const still = { sampled: 0, labelled: 0, dropped: 0 };
const gauges = { inFlight: () => 0, recordsWaiting: () => 0, recordsLost: () => 0, sampling: () => still };

test.each([
  ['mistral', 'mistral', 'mistral_ai'],
  ['amazon-bedrock', 'amazon-bedrock', 'aws.bedrock'],
  ['openai', 'openai', 'openai'],
  ['azure', null, 'azure'],
  ['mistral-of-team-a', 'mistral', 'mistral-of-team-a'],
])('provider %s of preset %s is %s in the words of the conventions', async (slug, preset, name) => {
  const metrics = createMetrics(gauges);
  const endpoint = { provider: { slug, preset }, model: 'a/m', isKnown: true };
  const exchange = { dialect: 'chat', failure: null, attempts: [{ endpoint, failure: null }] };
  const record = { durationMs: 10, latencyMs: 5, promptTokens: 3, completionTokens: 4, cost: null };
  metrics.finished(exchange as unknown as Exchange, record as Generation);
  const text = await metrics.registry.metrics();
  const named = [...text.matchAll(/gen_ai_provider_name="([^"]*)"/g)].map(([, found]) => found);
  expect(named.length).toBeGreaterThan(10);
  expect(new Set(named)).toEqual(new Set([name]));
});
