/** Models and their endpoints, as the gateway lists them to everybody. */
import { checked } from '../lib/api.ts';
import type { ListedEndpoint, ListedModel } from './model-prices.ts';

const BASE = new URL('api/v1/', document.baseURI);

async function data<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await checked(await fetch(new URL(path, BASE), { signal }));
  return ((await response.json()) as { data: T }).data;
}

/** Where clients send their requests. */
export const gatewayAddress = (path: string): string => new URL(path, BASE).href;

export const fetchModels = (signal: AbortSignal) => data<ListedModel[]>('models', signal);

export async function fetchEndpoints(model: string, signal: AbortSignal): Promise<ListedEndpoint[]> {
  const at = model.indexOf('/');
  const [author, slug] = [model.slice(0, at), model.slice(at + 1)].map(encodeURIComponent);
  return (await data<{ endpoints: ListedEndpoint[] }>(`models/${author}/${slug}/endpoints`, signal))
    .endpoints;
}
