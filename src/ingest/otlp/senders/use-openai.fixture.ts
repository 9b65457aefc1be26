/** For tests of senders: what an application asks through OpenAI's SDK, of each kind once. */
import type OpenAI from 'openai';
import { expect } from 'vitest';
import { SECRET, type Upstream } from './upstream.fixture.ts';

const MODEL = 'openai/gpt-4o';
const TOOLS = [
  {
    type: 'function' as const,
    function: {
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    },
  },
];

/** Asks; which call is streamed, fails or embeds is told by its place. */
export async function useOpenAI(
  connect: (baseURL: string) => OpenAI,
  upstream: Upstream,
  failing: string,
): Promise<void> {
  const routed = connect(upstream.url);
  const parts = connect(upstream.parts);
  const messages = [{ role: 'user' as const, content: SECRET }];
  const usage = { stream_options: { include_usage: true } };
  for (const [client, model] of [
    [routed, MODEL],
    [parts, 'm'],
  ] as const) {
    await client.chat.completions.create({ model, messages, user: 'ada@example.org' });
    for await (const _c of await client.chat.completions.create({ model, messages, stream: true, ...usage }));
  }
  await parts.responses.create({ model: 'm', input: SECRET });
  for await (const _event of await parts.responses.create({ model: 'm', input: SECRET, stream: true }));
  await parts.completions.create({ model: 'm', prompt: SECRET });
  await routed.chat.completions.create({ model: MODEL, messages, tools: TOOLS });
  await routed.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content: 'at length' }] });
  await routed.embeddings.create({ model: 'text-embedding-3-small', input: SECRET });
  await expect(routed.chat.completions.create({ model: failing, messages })).rejects.toThrow();
}
