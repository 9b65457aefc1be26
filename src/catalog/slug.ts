/**
 * Slugs as they come, made comparable: variants, dates, vendors' own names, clouds' and gateways' ids.
 * Pure text, no facts: what comes out are candidates, and the catalog takes the first that it knows.
 */
import { ollamaNames } from './ollama.ts';

/** Suffixes behind a slug's colon that name a way of serving, not a model. */
export const VARIANTS = ['free', 'nitro', 'floor', 'thinking', 'online', 'extended', 'exacto', 'beta'];

/** Takes OpenRouter's variant off: `openai/gpt-oss-120b:free` → `openai/gpt-oss-120b` and `free`. */
export function splitVariant(slug: string): { slug: string; variant: string | null } {
  const at = slug.lastIndexOf(':');
  const variant = at > 0 ? slug.slice(at + 1).toLowerCase() : '';
  return VARIANTS.includes(variant) ? { slug: slug.slice(0, at), variant } : { slug, variant: null };
}

const LONGEST_SLUG = 200;

/** Lower case, without variant and blanks, of bounded length. Cleaning twice changes nothing more. */
export function cleanSlug(raw: string): string {
  let slug = raw;
  for (;;) {
    const next = splitVariant(slug.trim().toLowerCase().slice(0, LONGEST_SLUG).trim()).slug;
    if (next === slug) return slug;
    slug = next;
  }
}

/** Names of one organisation → the one that the catalog uses. */
const AUTHOR_ALIASES = new Map(
  Object.entries({
    alibaba: 'qwen',
    'alibaba-nlp': 'qwen',
    'alibaba-cloud': 'qwen',
    mistral: 'mistralai',
    'mistral-ai': 'mistralai',
    xai: 'x-ai',
    'xai-org': 'x-ai',
    zai: 'z-ai',
    'zai-org': 'z-ai',
    zhipuai: 'z-ai',
    thudm: 'z-ai',
    moonshot: 'moonshotai',
    minimaxai: 'minimax',
    'deepseek-ai': 'deepseek',
    gemini: 'google',
    meta: 'meta-llama',
    codellama: 'meta-llama',
    'stepfun-ai': 'stepfun',
    ibm: 'ibm-granite',
    'bytedance-seed': 'bytedance',
    'bytedance-research': 'bytedance',
    ai21labs: 'ai21',
    coherelabs: 'cohere',
    cohereforai: 'cohere',
    liquidai: 'liquid',
    xiaomimimo: 'xiaomi',
    sarvamai: 'sarvam',
    'meituan-longcat': 'meituan',
    'perplexity-ai': 'perplexity',
  }),
);

export function canonicalAuthor(author: string): string {
  return AUTHOR_ALIASES.get(author) ?? author;
}

/** `alibaba/qwen3-max` → `qwen/qwen3-max`. */
export function underCanonicalAuthor(slug: string): string {
  const [author = '', name, ...more] = slug.split('/');
  return name === undefined || more.length > 0 ? slug : `${canonicalAuthor(author)}/${name}`;
}

/** Gateways and clouds that stand before the model's own name. */
const HOSTS =
  /^(azure|azure_ai|azure-openai|bedrock|bedrock_converse|converse|amazon-bedrock|vertex_ai|vertex_ai_beta|google-vertex|openrouter|together_ai|togetherai|together|groq|fireworks_ai|fireworks-ai|fireworks|deepinfra|cerebras|sambanova|novita|nebius|replicate|hyperbolic|chutes|nvidia_nim|litellm|github|github_copilot|huggingface|library|ollama|ollama_chat|hosted_vllm|lm_studio|text-completion-openai|models|@cf|@hf|accounts\/[a-z0-9-]+\/models)\//;

/** The vendors of Amazon's ids, `anthropic.claude-…`. */
const BEDROCK =
  /^(?:(?:us|eu|apac|global|us-gov|ca|jp|au|sa)\.)?(anthropic|meta|mistral|amazon|deepseek|openai|qwen|cohere|ai21|moonshot|minimax|google|nvidia|writer|zai)\.(?=[a-z])/;

/** First letters of a bare model name → its author. */
const FAMILIES: [RegExp, string][] = [
  [/^claude/, 'anthropic'],
  [/^(gpt-|o[134](-|$)|chatgpt|text-embedding|codex)/, 'openai'],
  [/^(gemini|gemma)/, 'google'],
  [/^grok/, 'x-ai'],
  [/^deepseek/, 'deepseek'],
  [/^(qwen|qwq)/, 'qwen'],
  [/^(open-)?(mistral|mixtral|codestral|ministral|devstral|magistral|pixtral)/, 'mistralai'],
  [/^(meta-)?llama/, 'meta-llama'],
  [/^kimi/, 'moonshotai'],
  [/^glm/, 'z-ai'],
  [/^minimax/, 'minimax'],
  [/^command/, 'cohere'],
  [/^phi-/, 'microsoft'],
  [/^nova-/, 'amazon'],
];

/** The same name under a provider's wrapping, with what the wrapping says taken off. */
function unwrapped(slug: string): string {
  let name = slug
    .replace(/^ft:([^:]+):.*$/, '$1')
    .replace(/^arn:aws[^/]*\//, '')
    .replace(/^.*publishers\/([a-z0-9-]+)\/models\//, '$1/');
  while (HOSTS.test(name)) name = name.replace(HOSTS, '');
  return name
    .replace(BEDROCK, '$1/')
    .replace(/(?<=.)@(latest|default)$/, '')
    .replace(/(?<=.)@/, '-');
}

/**
 * Candidates for a slug's canonical name, the most literal first.
 * `exact` are other spellings of the same name; `loose` have a date or a mark of packaging taken off.
 * @param isAuthor whether a word before the slash is an author: such a model is not given to another author
 */
export function candidates(
  raw: string,
  isAuthor: (author: string) => boolean = () => false,
): { exact: string[]; loose: string[] } {
  const slug = cleanSlug(raw);
  const plain = unwrapped(slug);
  const exact = new Set([slug, plain, ...ollamaNames(plain)]);
  const loose = new Set<string>();
  const parts = plain.split('/');
  const name = parts.at(-1) ?? '';
  const given = parts.length > 1 ? (parts.at(-2) ?? '') : null;
  const family = FAMILIES.find(([pattern]) => pattern.test(name))?.[1];
  const authors = new Set<string>();
  if (given !== null) authors.add(given).add(canonicalAuthor(given));
  // `openai/` is also how gateways say "speaks OpenAI's dialect", so it does not settle the author.
  if (family && (given === null || given === 'openai' || !isAuthor(canonicalAuthor(given))))
    authors.add(family);
  for (const author of authors) {
    for (const form of spellings(name)) exact.add(`${author}/${form}`);
    for (const shorter of shortened(name))
      for (const form of spellings(shorter)) loose.add(`${author}/${form}`);
  }
  return { exact: [...exact], loose: [...loose].filter((c) => !exact.has(c)) };
}

/** An ISO date at the end: the name of a snapshot, never a model of its own. */
const SNAPSHOT = /-20\d{2}-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])$/;

/** The slug without the date of its snapshot, or null where it has none. */
export function withoutSnapshotDate(slug: string): string | null {
  return SNAPSHOT.test(slug) ? slug.replace(SNAPSHOT, '') : null;
}

const ENDINGS = [
  SNAPSHOT,
  /-(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])$/,
  /-(0[1-9]|1[0-2])-20\d{2}$/,
  /(?<=^claude.*)-v\d$/,
  /-v?\d+(:\d+k?)+$/,
  /:\d+k?$/,
  /:latest$/,
  /-(latest|preview|instruct|00\d|maas|hf)$/,
  /-(fp8|fp16|bf16|awq|gptq|int4|int8|nvfp4)$/,
  /(?<=^(?:meta-llama|llama|qwen).*)-turbo$/,
  /(?<=^claude.*)-thinking$/,
  /(?<=^(?:gpt-|o\d).*)-(minimal|low|medium|high|xhigh)$/,
];

/** The name with one, then two, then more of its endings taken off. */
function shortened(name: string): string[] {
  const out: string[] = [];
  let layer = [name];
  for (let depth = 0; depth < 4 && layer.length > 0; depth++) {
    const next = layer.flatMap((n) => ENDINGS.filter((e) => e.test(n)).map((e) => n.replace(e, '')));
    layer = [...new Set(next)].filter((n) => n !== '' && !out.includes(n));
    out.push(...layer);
  }
  return out;
}

/** Dashes for points, Claude's two word orders, and how Meta, Qwen and Fireworks write their numbers. */
function spellings(name: string): string[] {
  const forms = new Set<string>();
  const dotted = name.replace(/(?<=\d)-(?=\d{1,2}(-|$))/g, '.');
  for (const form of [name, dotted]) {
    forms.add(form);
    for (const other of [turnedClaude(form), metaName(form), qwenName(form)]) if (other) forms.add(other);
  }
  return [...forms];
}

function turnedClaude(name: string): string | null {
  const numberFirst = /^claude-(\d+(?:\.\d+)?)-([a-z]+)(.*)$/.exec(name);
  if (numberFirst) return `claude-${numberFirst[2]}-${numberFirst[1]}${numberFirst[3]}`;
  const wordFirst = /^claude-([a-z]+)-(\d+(?:\.\d+)?)(.*)$/.exec(name);
  return wordFirst ? `claude-${wordFirst[2]}-${wordFirst[1]}${wordFirst[3]}` : null;
}

function metaName(name: string): string | null {
  const form = name
    .replace(/^meta-(?=llama)/, '')
    .replace(/^llama-?v?(?=\d)/, 'llama-')
    .replace(/^llama-(\d)[p-](\d)-/, 'llama-$1.$2-');
  return form === name || !form.startsWith('llama-') ? null : form;
}

function qwenName(name: string): string | null {
  if (/^qwen1\.5-/.test(name)) return name.replace('qwen1.5-', 'qwen-');
  if (/^qwen2(\.5|p5)?-/.test(name))
    return name.replace(/^qwen2(?:[.p](5))?-/, (_, half) => `qwen-2${half ? '.5' : ''}-`);
  return /^qwen-2(\.5)?-/.test(name) ? name.replace('qwen-2', 'qwen2') : null;
}
