/** For tests of providers that are reached through the AI SDK: one that answers as a test says, and what came and went. */
import { objectOf, objectsOf } from '../../json/read.ts';
import type { JsonObject, LocalCall, LocalUpstream } from '../contract.ts';
import { aiSdkUpstream, type SdkProviderSettings } from './ai-sdk.ts';

interface Seen {
  url: string;
  headers: Headers;
  body: JsonObject;
}

/** An upstream whose provider answers with `answer`, and what it was asked. */
export function upstreamOf(
  settings: SdkProviderSettings,
  answer: () => Response | Promise<Response>,
): { upstream: LocalUpstream; seen: Seen[] } {
  const seen: Seen[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    seen.push({
      url: String(url),
      headers: new Headers(init?.headers),
      body: JSON.parse(String(init?.body)) as JsonObject,
    });
    init?.signal?.throwIfAborted();
    return answer();
  };
  return { upstream: aiSdkUpstream({ ...settings, fetch: fetch as typeof globalThis.fetch }), seen };
}

export const call = (model: string, more: Partial<LocalCall> = {}): LocalCall => ({
  model,
  signal: new AbortController().signal,
  apiKey: 'k-1',
  ...more,
});
export const all = async (chunks: AsyncIterable<JsonObject>): Promise<JsonObject[]> => {
  const out: JsonObject[] = [];
  for await (const chunk of chunks) out.push(chunk);
  return out;
};
export const deltas = (chunks: JsonObject[]): JsonObject[] =>
  chunks.flatMap((c) => objectsOf(c.choices).map((choice) => objectOf(choice.delta)));
export const user = (content: string | JsonObject[]): JsonObject => ({
  messages: [{ role: 'user', content }],
});
