/** How Langfuse's public API is called. */
import { endpoint } from './answers.ts';
import type { Call } from './http.ts';
import type { Runtime } from './source.ts';

export interface LangfuseApi {
  base: URL;
  headers: Record<string, string>;
  runtime: Runtime;
}

export function langfuseCall(api: LangfuseApi, path: string, query: Record<string, string>): Call {
  return {
    url: endpoint(api.base, path, query),
    headers: api.headers,
    keyFrom: 'LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, and that they belong to a project at this address',
  };
}
