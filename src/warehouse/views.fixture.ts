/** Records for tests of views: every field known in some and unknown in others, labels sure, unsure, equal and unheard of. */
import type { Generation, Label } from '../generation/generation.ts';
import { randomOf } from '../generation/random.ts';
import { validateGeneration } from '../generation/validate.ts';

const MODELS = [
  'deepseek/deepseek-r1',
  'deepseek/deepseek-chat-v3-0324',
  // One model under three names.
  'openai/gpt-4o-2024-08-06',
  'gpt-4o-2024-08-06',
  'gpt-4o',
  'anthropic/claude-4.5-sonnet-20250929',
  'openai/gpt-oss-120b',
  'acme/secret-1',
];
const LABELS: (Label[] | null)[] = [
  null,
  null,
  [],
  [{ path: '/Adult', confidence: 0.4 }],
  [{ path: '/Games/Roleplaying Games', confidence: 0.9 }],
  [
    { path: '/Science/Physics', confidence: 0.8 },
    { path: '/Health/Nursing', confidence: 0.8 },
    { path: '/Adult', confidence: 0.1 },
  ],
  [
    { path: '/Computers & Electronics/Programming/Other', confidence: 0.5 },
    { path: '/Unheard of', confidence: 0.49 },
  ],
  [{ path: '/Unheard of', confidence: 0.7 }],
];

/** Five and a half months; some accounts come every month, some pause, some are large. */
export function makeRecords(count: number): Generation[] {
  const random = randomOf(11);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  return Array.from({ length: count }, (_, i) => {
    const busy = random() < 0.3;
    const account = random() < 0.1 ? null : `a${Math.floor(random() ** 2 * (busy ? 40 : 2500))}`;
    const labels = pick(LABELS);
    const { generation, problems } = validateGeneration({
      id: `v${i}`,
      createdAt: Date.UTC(2025, 0, 8) + Math.floor(random() * 160 * 86_400_000),
      requests: random() < 0.1 ? null : pick([1, 1, 5]),
      account,
      model: pick(MODELS),
      variant: pick(['free', null]),
      provider: pick(['Alpha', 'beta', null]),
      country: pick(['DE', 'US', 'TR', 'XX', null]),
      region: pick(['eu-west', null]),
      language: pick(['en', 'zh-Hans', null]),
      app: pick(['x', 'y', null]),
      promptTokens: Math.floor(random() * 5000),
      completionTokens: Math.floor(random() * 500),
      cost: pick([0, 0.25, 0.5, 1.75, null]),
      byok: pick([true, false, null]),
      finishReason: pick(['stop', 'tool_calls', null]),
      labels,
      sampleRate: labels && random() < 0.8 ? pick([0.0025, 0.005]) : null,
      classifier: labels ? 'rules@1' : null,
      source: 'test',
    });
    if (!generation) throw new Error(problems?.join());
    return generation;
  });
}
