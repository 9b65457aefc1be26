import type { GatewayOverview } from '../api.ts';

/** One that can answer here: of a provider whose key is not missing; the sandbox needs none. */
export function firstModel(gateway: Pick<GatewayOverview, 'providers' | 'endpoints'> | undefined): string {
  const keyless = new Set(
    gateway?.providers.filter((p) => p.needsKey && p.keySource === null).map((p) => p.slug),
  );
  return gateway?.endpoints.find((e) => !keyless.has(e.provider))?.model ?? 'stateai/sandbox';
}
