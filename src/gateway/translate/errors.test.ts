import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { readUpstreamError, renderError } from './errors.ts';

describe('an upstream’s error', () => {
  it.each([
    [529, { type: 'error', error: { type: 'overloaded_error', message: 'Busy' } }, 529, 'overloaded', 'Busy'],
    [
      400,
      { error: { code: 'context_length_exceeded', type: 'invalid_request_error', message: 'Long' } },
      400,
      'bad_request',
      'Long',
    ],
    [400, { error: { code: 'content_filter', message: 'Filtered' } }, 400, 'content_filter', 'Filtered'],
    [429, { error: { code: 'insufficient_quota', message: 'Pay' } }, 429, 'payment_required', 'Pay'],
    [
      429,
      { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Slow' } },
      429,
      'rate_limited',
      'Slow',
    ],
    [400, { __type: 'com.amazon#ThrottlingException', message: 'Slow' }, 400, 'rate_limited', 'Slow'],
    [422, { detail: [{ msg: 'field required' }] }, 422, 'bad_request', 'field required'],
    [500, { error: 'went wrong' }, 500, 'server_error', 'went wrong'],
    [503, { error: { type: 'rate_limit_error', message: 'x' } }, 503, 'overloaded', 'x'],
    [null, { error: { type: 'rate_limit_error', message: 'Slow' } }, 429, 'rate_limited', 'Slow'],
    [null, { error: { code: 502, message: 'Bad' } }, 502, 'server_error', 'Bad'],
    [null, { response: { error: { code: 'server_error', message: 'Bad' } } }, 500, 'server_error', 'Bad'],
  ])('%s %j', (status, body, expected, kind, clientMessage) => {
    expect(readUpstreamError(status, JSON.stringify(body))).toEqual({
      status: expected,
      kind,
      clientMessage,
    });
  });

  it('shows no HTML and no part of a key', () => {
    expect(readUpstreamError(502, '<html><h1>Bad Gateway</h1></html>')).toEqual({
      status: 502,
      kind: 'server_error',
      clientMessage: 'The provider answered with status 502.',
    });
    const body = { error: { message: 'Incorrect API key provided: sk-12***89', code: 'invalid_api_key' } };
    const problem = readUpstreamError(401, JSON.stringify(body));
    expect(problem.kind).toBe('unauthorized');
    expect(problem.clientMessage).not.toContain('sk-');
  });

  it('reaches the clients as the error classes that they know', async () => {
    const answer = (dialect: 'chat' | 'messages') =>
      Response.json(renderError(dialect, { status: 429, message: 'Slow down', requestId: 'gen-1' }), {
        status: 429,
      });
    const openai = new OpenAI({ apiKey: 'x', maxRetries: 0, fetch: async () => answer('chat') });
    await expect(openai.chat.completions.create({ model: 'm', messages: [] })).rejects.toMatchObject({
      status: 429,
      error: { code: 429, message: 'Slow down' },
    });
    const anthropic = new Anthropic({ apiKey: 'x', maxRetries: 0, fetch: async () => answer('messages') });
    await expect(
      anthropic.messages.create({ model: 'm', max_tokens: 1, messages: [] }),
    ).rejects.toMatchObject({ status: 429, type: 'rate_limit_error' });
  });
});
