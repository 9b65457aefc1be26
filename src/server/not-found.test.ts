import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { notFound, nothingAt } from './not-found.ts';

const app = Fastify();
app.setNotFoundHandler(notFound);
const asked = async (method: 'GET' | 'POST', url: string) =>
  (await app.inject({ method, url, payload: method === 'POST' ? {} : undefined })).json().error;

it('senders of telemetry that were pointed beside the door are told where it is', async () => {
  for (const url of ['/v1/logs', '/v1/metrics', '/api/public/otel/v1/metrics'])
    expect(JSON.stringify(await asked('POST', url))).toContain('OTEL_METRICS_EXPORTER');
  for (const url of ['/v1/traces/v1/traces', '/v1/trace', '/'])
    expect((await asked('POST', url)).next).toContain('/v1/traces');
  expect((await asked('POST', '/api/public/ingestion')).message).toContain('stateai import langfuse');
  expect((await asked('GET', '/nothing')).next).toBe('See /stats/openapi.json.');
  expect(await asked('POST', '/api/v1/nothing')).toEqual({
    code: 404,
    message: 'POST /api/v1/nothing does not exist',
  });
});

it.each([
  [
    'POST',
    '/v1/chat/completions',
    /at POST \/api\/v1\/chat\/completions: let the base URL end with \/api\/v1/,
  ],
  ['POST', '/api/v1/v1/messages', /at POST \/api\/v1\/messages: .* Anthropic’s SDK with \/api$/],
  ['POST', '/api/v1/chat/completions/', /at POST \/api\/v1\/chat\/completions/],
  ['GET', '/api/v1/responses', /it takes POST$/],
  ['GET', '/v1/traces/', /it takes POST$/],
  ['DELETE', '/stats/v1/generations', /it takes POST$/],
  ['GET', '/api/v1/nothing', /^GET \/api\/v1\/nothing does not exist$/],
])('%s %s is told where the gateway is, if that was meant', (method, path, message) => {
  expect(nothingAt(method, path)).toMatch(message);
});
