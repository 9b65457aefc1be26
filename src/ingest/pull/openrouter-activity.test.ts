/** OpenRouter's activity API: one answer with the sums of the last 30 days. */
import { describe, expect, it } from 'vitest';
import { apiServer } from './api-server.fixture.ts';
import { pullWorkspace } from './workspace.fixture.ts';

const KEY = 'sk-or-v1-secret-provisioning-key';
const item = (change: Record<string, unknown> = {}) => ({
  date: '2026-06-14',
  model: 'openai/gpt-4.1',
  model_permaslug: 'openai/gpt-4.1-2025-04-14',
  endpoint_id: '550e8400-e29b-41d4-a716-446655440000',
  provider_name: 'OpenAI',
  usage: 0.015,
  byok_usage_inference: 0.012,
  requests: 5,
  prompt_tokens: 50,
  completion_tokens: 125,
  reasoning_tokens: 25,
  workspace_id: '6f2b9a52-0d1c-4b52-9f1c-1f1d6f6d0001',
  ...change,
});

describe('OpenRouter’s activity API', () => {
  it('becomes one record a day, model, endpoint and workspace', async () => {
    await using api = await apiServer(() => ({
      json: { data: [item(), item({ model_permaslug: 'z-ai/glm-4.6:free', usage: 0, requests: 2 })] },
    }));
    await using w = await pullWorkspace({ OPENROUTER_PROVISIONING_KEY: KEY });
    const summary = await w.pull({ format: 'openrouter-activity', url: `${api.url}/api/v1` });
    expect(summary).toMatchObject({ rows: 2, rejected: 0, failures: [], complete: true });
    expect(api.asked[0]).toMatchObject({ path: '/api/v1/activity' });
    expect(api.asked[0]?.query.get('group_by')).toBe('workspace');
    expect(api.asked[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(await w.rows()).toMatchObject([
      {
        id: expect.stringMatching(
          /^openrouter-activity-api:2026-06-14:openai\/gpt-4.1-2025-04-14:550e8400-\S+:OpenAI:6f2b9a52-/,
        ),
        created_at: '2026-06-14 00:00:00',
        requests: 5,
        model: 'openai/gpt-4.1-2025-04-14',
        provider: 'OpenAI',
        prompt_tokens: 50,
        completion_tokens: 125,
        reasoning_tokens: 25,
        total_tokens: 175,
        cost: 0.015,
        account: null,
        source: 'openrouter-activity-api',
      },
      { model: 'z-ai/glm-4.6', variant: 'free', cost: 0, requests: 2 },
    ]);
    expect(await w.onDisk(KEY)).toBe(false);
  });

  it('keeps workspaces apart, in whatever order they come', async () => {
    const two = [item({ requests: 1, usage: 3 }), item({ requests: 4, usage: 5, workspace_id: 'other' })];
    await using api = await apiServer((_, number) => ({
      json: { data: number === 1 ? two : [...two].reverse() },
    }));
    await using w = await pullWorkspace({ OPENROUTER_API_KEY: KEY });
    await w.pull({ format: 'openrouter-activity', url: api.url });
    expect(await w.pull({ format: 'openrouter-activity-api', url: api.url })).toMatchObject({
      fetched: 2,
      rows: 0,
    });
    expect(await w.rows('requests, cost')).toEqual([
      { requests: 1, cost: 3 },
      { requests: 4, cost: 5 },
    ]);
  });

  it('counts a day once however often it is read, and follows one that still grows', async () => {
    let requests = 5;
    await using api = await apiServer(() => ({
      json: { data: [item({ requests, completion_tokens: 25 * requests })] },
    }));
    await using w = await pullWorkspace({ OPENROUTER_API_KEY: KEY });
    const again = () => w.pull({ format: 'openrouter-activity', url: api.url });
    await again();
    expect(await again()).toMatchObject({ fetched: 1, rows: 0, complete: true });
    requests = 9;
    expect(await again()).toMatchObject({ rows: 1, replaced: 1 });
    expect(await w.rows('requests, completion_tokens')).toEqual([{ requests: 9, completion_tokens: 225 }]);
  });

  it('leaves out days before --since, and continues with an overlap', async () => {
    const days = ['2026-06-01', '2026-06-09', '2026-06-10', '2026-06-14'];
    await using api = await apiServer(() => ({ json: { data: days.map((date) => item({ date })) } }));
    await using w = await pullWorkspace({ OPENROUTER_API_KEY: KEY });
    const request = { format: 'openrouter-activity', url: api.url };
    expect(await w.pull({ ...request, since: '2026-06-10' })).toMatchObject({ fetched: 2, rows: 2 });
    expect(await w.states()).toMatchObject([
      { from: Date.parse('2026-06-10'), reached: Date.parse('2026-06-15'), source: api.url },
    ]);
    w.clock.now = Date.parse('2026-06-16T01:00:00Z');
    expect(await w.pull(request)).toMatchObject({ from: Date.parse('2026-06-12'), fetched: 1 });
  });

  it('says which key is missing and where to get it', async () => {
    await using w = await pullWorkspace();
    await expect(
      w.pull({ format: 'openrouter-activity', url: 'https://openrouter.ai/api/v1' }),
    ).rejects.toMatchObject({
      code: 'no_key',
      message: 'OPENROUTER_PROVISIONING_KEY or OPENROUTER_API_KEY is not set',
    });
  });
});
