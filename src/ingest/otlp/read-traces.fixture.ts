/** For tests: traces of one span or more, sent and read. */
import { expect } from 'vitest';
import { asJson, asProtobuf, type SentScope, type SentSpan, type SentValue } from '../../bench/otlp-spans.ts';
import type { Generation } from '../../generation/generation.ts';
import { CONTEXT } from './conventions.fixture.ts';
import { readTraces } from './read-traces.ts';

const NOW = Date.UTC(2026, 0, 2);
export const read = (scopes: readonly SentScope[], encoding: 'json' | 'protobuf' = 'json') =>
  readTraces(encoding === 'json' ? asJson(scopes) : asProtobuf(scopes), encoding, CONTEXT, NOW);

export const span = (attributes: Record<string, SentValue>, more: Partial<SentSpan> = {}): SentSpan => ({
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'chat',
  start: Date.UTC(2026, 0, 1),
  end: Date.UTC(2026, 0, 1) + 1500,
  attributes,
  ...more,
});
export const readOne = (attributes: Record<string, SentValue>, more: Partial<SentSpan> = {}) =>
  read([
    { resource: { 'service.name': 'unknown_service:node' }, scope: 'x', spans: [span(attributes, more)] },
  ]);
export const record = (attributes: Record<string, SentValue>, more: Partial<SentSpan> = {}): Generation => {
  const result = readOne(attributes, more);
  expect(result.rejects).toEqual([]);
  expect(result.generations).toHaveLength(1);
  return result.generations[0]?.generation as Generation;
};

export const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'm',
  'gen_ai.usage.input_tokens': 10,
  'gen_ai.usage.output_tokens': 2,
};
