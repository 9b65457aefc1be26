/** Ollama's names, `family:size`, where the colon names a size and no variant. */

/** Family → canonical slug with `{size}`, and the size that Ollama serves when none is named. */
const FAMILIES = new Map<string, [slug: string, size: string]>([
  ['llama3.3', ['meta-llama/llama-3.3-{size}-instruct', '70b']],
  ['llama3.2', ['meta-llama/llama-3.2-{size}-instruct', '3b']],
  ['llama3.2-vision', ['meta-llama/llama-3.2-{size}-vision-instruct', '11b']],
  ['llama3.1', ['meta-llama/llama-3.1-{size}-instruct', '8b']],
  ['llama3', ['meta-llama/llama-3-{size}-instruct', '8b']],
  ['llama2', ['meta-llama/llama-2-{size}-chat', '7b']],
  ['qwen3', ['qwen/qwen3-{size}', '8b']],
  ['qwen2.5', ['qwen/qwen-2.5-{size}-instruct', '7b']],
  ['qwen2.5-coder', ['qwen/qwen-2.5-coder-{size}-instruct', '7b']],
  ['qwen2', ['qwen/qwen-2-{size}-instruct', '7b']],
  ['qwq', ['qwen/qwq-{size}', '32b']],
  ['gemma3', ['google/gemma-3-{size}-it', '4b']],
  ['gemma3n', ['google/gemma-3n-{size}-it', 'e4b']],
  ['gemma2', ['google/gemma-2-{size}-it', '9b']],
  ['gpt-oss', ['openai/gpt-oss-{size}', '20b']],
  ['mistral', ['mistralai/mistral-{size}-instruct', '7b']],
  ['mixtral', ['mistralai/mixtral-{size}-instruct', '8x7b']],
]);

/** Families whose sizes are different models, or that have one size. */
const NAMED = new Map<string, string>([
  ['deepseek-r1', 'deepseek/deepseek-r1-0528-qwen3-8b'],
  ['deepseek-r1:671b', 'deepseek/deepseek-r1'],
  ['deepseek-r1:70b', 'deepseek/deepseek-r1-distill-llama-70b'],
  ['deepseek-r1:32b', 'deepseek/deepseek-r1-distill-qwen-32b'],
  ['deepseek-r1:14b', 'deepseek/deepseek-r1-distill-qwen-14b'],
  ['deepseek-r1:8b', 'deepseek/deepseek-r1-0528-qwen3-8b'],
  ['deepseek-r1:7b', 'deepseek/deepseek-r1-distill-qwen-7b'],
  ['deepseek-r1:1.5b', 'deepseek/deepseek-r1-distill-qwen-1.5b'],
  ['deepseek-v3', 'deepseek/deepseek-chat'],
  ['deepseek-v3.1', 'deepseek/deepseek-chat-v3.1'],
  ['qwen3:30b', 'qwen/qwen3-30b-a3b'],
  ['qwen3:235b', 'qwen/qwen3-235b-a22b'],
  ['qwen3-coder', 'qwen/qwen3-coder-30b-a3b-instruct'],
  ['qwen3-coder:30b', 'qwen/qwen3-coder-30b-a3b-instruct'],
  ['qwen3-coder:480b', 'qwen/qwen3-coder'],
  ['mistral-nemo', 'mistralai/mistral-nemo'],
  ['mistral-small:24b', 'mistralai/mistral-small-24b-instruct-2501'],
  ['phi4', 'microsoft/phi-4'],
  ['kimi-k2', 'moonshotai/kimi-k2'],
  ['glm-4.6', 'z-ai/glm-4.6'],
  ['minimax-m2', 'minimax/minimax-m2'],
]);

/** Canonical slugs that an Ollama name may mean; none where it is not in Ollama's manner. */
export function ollamaNames(slug: string): string[] {
  const parts = /^([a-z0-9.-]+)(?::([a-z0-9._-]+))?$/.exec(slug);
  const family = parts?.[1];
  if (!family) return [];
  // A tag goes on about quantisation behind its size: 8b-instruct-q4_k_m.
  const size = /^(e?\d+(?:x\d+)?(?:\.\d+)?[bt])\b/.exec(parts[2] ?? '')?.[1];
  // A bare `deepseek-r1` is also what DeepSeek's own hosts call the big one; only a tag makes it Ollama's.
  const untagged = parts[2] === undefined && family === 'deepseek-r1';
  const named = untagged
    ? undefined
    : (NAMED.get(`${family}:${size}`) ?? (size && family === 'deepseek-r1' ? undefined : NAMED.get(family)));
  const pattern = FAMILIES.get(family);
  return [named, pattern?.[0].replace('{size}', size ?? pattern[1])].filter((name) => name !== undefined);
}
