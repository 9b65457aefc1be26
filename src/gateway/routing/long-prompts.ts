/** Which models cost more where the prompt is long, at the provider of their own author. */
import type { LongPrompt } from './model-facts.ts';

const longer = (above: number, prompt: number, completion: number, ...models: string[]) =>
  models.map((model): [string, LongPrompt] => [model, { above, prompt, completion }]);

/** By canonical slug. From the authors' price lists of 2025 and 2026; models that are not here may have such prices too. */
const LONG_PROMPTS: ReadonlyMap<string, LongPrompt> = new Map([
  ...longer(200_000, 2, 1.5, 'anthropic/claude-sonnet-4', 'anthropic/claude-sonnet-4.5'),
  ...longer(128_000, 2, 2, 'google/gemini-1.5-pro'),
  ...longer(200_000, 2, 1.5, 'google/gemini-2.5-pro', 'google/gemini-2.5-pro-preview'),
  ...longer(200_000, 2, 1.5, 'google/gemini-3-pro-preview', 'google/gemini-3.1-pro-preview'),
  ...longer(272_000, 2, 1.5, 'openai/gpt-5.4', 'openai/gpt-5.4-pro'),
  ...longer(128_000, 2, 2, 'x-ai/grok-4', 'x-ai/grok-4-fast', 'x-ai/grok-4.1-fast'),
]);

/** @param model its canonical slug */
export const longPromptOf = (model: string): LongPrompt | null => LONG_PROMPTS.get(model) ?? null;
