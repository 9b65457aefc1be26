/** Records for the truth tests: deterministic, with gaps in what they state, and two datasets made of them. */

import { join } from 'node:path';
import type { Generation, Label } from '../../generation/generation.ts';
import { randomOf } from '../../generation/random.ts';
import { validateGeneration } from '../../generation/validate.ts';
import { openReports, type ReportService } from '../../server/report-service.ts';
import { temporaryDirectory } from '../../testing/workspace.ts';
import { openWarehouse, type Warehouse } from '../../warehouse/warehouse.ts';

const MODELS = [
  'deepseek/deepseek-r1',
  'deepseek/deepseek-chat-v3-0324',
  'openai/gpt-4o-mini',
  'gpt-4o-2024-08-06',
  'qwen/qwen-2.5-coder-32b-instruct',
  'meta-llama/llama-3.1-8b-instruct',
  'anthropic/claude-4.5-sonnet-20250929',
  'openai/gpt-oss-120b',
  'x-ai/grok-code-fast-1',
  'google/gemini-2.5-pro',
  'mistralai/mistral-7b-instruct',
  'acme/secret-1',
];

/** Paths of the classifier's taxonomy, more of the categories that have a panel or column of their own. */
const PATHS = [
  '/Computers & Electronics/Programming',
  '/Computers & Electronics/Programming/Development Tools',
  '/Computers & Electronics/Programming/Scripting Languages',
  '/Computers & Electronics/Programming/C & C++',
  '/Games/Roleplaying Games',
  '/Books & Literature/Writers Resources',
  '/Arts & Entertainment/Humor',
  '/Computers & Electronics/Software/Intelligent Personal Assistants',
  '/Computers & Electronics/Consumer Electronics',
  '/Science/Physics',
  '/Science/Computer Science/Machine Learning & Artificial Intelligence',
  '/Law & Government/Legal',
  '/Health/Mental Health',
  '/Finance/Investing',
  '/Adult',
  '/Reference/General Reference',
  '/Reference/Language Resources/Foreign Language Resources',
  '/Jobs & Education/Education/Distance Learning',
  '/Books & Literature/Poetry',
  '/Business & Industrial/Advertising & Marketing',
  '/Sports/Team Sports',
];

/** Two labels at most, of which the second may be the more confident, or none that is confident enough. */
function labelsFrom(random: () => number): Label[] | null {
  if (random() < 0.4) return null;
  const label = () => ({
    path: PATHS[Math.floor(random() ** 1.5 * PATHS.length)] as string,
    confidence: 0.3 + 0.7 * random(),
  });
  return Array.from({ length: Math.floor(random() * 3) }, label);
}

/** Some completions are unknown, with the total stated or not; some generations failed before anybody counted. */
function gapsOf(
  i: number,
  { promptTokens }: { promptTokens: number | null },
): Partial<Record<keyof Generation, unknown>> {
  if (i % 41 === 7)
    return { promptTokens: null, completionTokens: null, totalTokens: 0, cost: null, finishReason: 'error' };
  if (i % 7 !== 3) return {};
  return { completionTokens: null, ...(i % 2 === 0 && promptTokens !== null ? { totalTokens: null } : {}) };
}

/** Five months; accounts come in whichever month and return after pauses; some rows are free, some have no price. */
export function makeRecords(count: number, seed = 7): Generation[] {
  const random = randomOf(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  return Array.from({ length: count }, (_, i) => {
    const completionTokens = Math.floor(random() * 500);
    const labels = labelsFrom(random);
    const model = pick(MODELS);
    const drawn = {
      id: `t${i}`,
      createdAt: Date.UTC(2025, 0, 8) + Math.floor(random() * 150 * 86_400_000),
      requests: random() < 0.1 ? null : labels ? 1 : pick([1, 1, 1, 5]),
      account: random() < 0.1 ? null : `a${Math.floor(random() ** 2 * 300)}`,
      model,
      provider: pick(['a', 'b', null]),
      country: pick(['DE', 'US', 'CN', 'BR', null]),
      language: pick(['en', 'en', 'zh-Hans', 'ru', null]),
      app: pick(['x', 'y']),
      promptTokens: random() < 0.05 ? null : Math.floor(random() * 5000),
      completionTokens,
      totalTokens: completionTokens + Math.floor(random() * 5000),
      reasoningTokens: random() < 0.5 ? null : Math.floor(completionTokens * random()),
      cost: model.startsWith('mistralai/') ? 0 : pick([null, 0, 0.25, 0.5, 1.75]),
      finishReason: pick(['stop', 'tool_calls', null]),
      toolsOffered: pick([true, false, null]),
      byok: pick([true, false, false, null]),
      labels,
      sampleRate: labels ? pick([0.0025, 0.005, null]) : null,
      classifier: labels ? 'rules@1' : null,
      source: 'test',
    };
    const { generation, problems } = validateGeneration({ ...drawn, ...gapsOf(i, drawn) });
    if (!generation) throw new Error(problems?.join());
    return generation;
  });
}

export const records = makeRecords(6000);

export interface World {
  warehouse: Warehouse;
  reports: ReportService;
  close(): Promise<void>;
}

/** Datasets `t`, in the order of the records, and `pieces`, in another order, in several batches and partly twice. */
export async function openWorld(): Promise<World> {
  const directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  // Two thirds in one go, the rest later: marts grow by parts.
  await load(warehouse, 't', [records.slice(0, 4000), [...records.slice(4000), ...records.slice(0, 100)]]);
  const random = randomOf(3);
  const mixed = records
    .map((g) => ({ g, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ g }) => g);
  await load(warehouse, 'pieces', [
    ...Array.from({ length: 3 }, (_, i) => mixed.slice(i * 2000, (i + 1) * 2000)),
    mixed.slice(500, 900),
  ]);
  return {
    warehouse,
    reports: await openReports(warehouse, { cache: false }),
    async close() {
      await warehouse.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

export async function load(
  warehouse: Warehouse,
  name: string,
  batches: readonly Generation[][],
): Promise<void> {
  const dataset = warehouse.dataset(name);
  const journal = await dataset.journal();
  for (const batch of batches) {
    await journal.append(batch);
    await dataset.settle();
  }
}
