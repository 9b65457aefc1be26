import { expect, it } from 'vitest';
import type { GatewayOverview } from '../api.ts';
import { firstModel } from './first-model.ts';

const overview = (keySource: string | null) =>
  ({
    providers: [
      { slug: 'acme', needsKey: true, keySource },
      { slug: 'stateai', needsKey: false, keySource: null },
    ],
    endpoints: [
      { provider: 'acme', model: 'acme/a' },
      { provider: 'stateai', model: 'stateai/sandbox' },
    ],
  }) as unknown as GatewayOverview;

it('the first request to send names a model that can answer: not one of a provider without its key', () => {
  expect(firstModel(overview('ACME_API_KEY'))).toBe('acme/a');
  expect(firstModel(overview(null))).toBe('stateai/sandbox');
  expect(firstModel(undefined)).toBe('stateai/sandbox');
});
