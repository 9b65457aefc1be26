/** Slugs as they come, made comparable: variants, dates, vendors' own names, clouds' ids. Pure text, no facts. */

/** Suffixes behind a slug's colon that name a way of serving, not a model. */
export const VARIANTS = ['free', 'nitro', 'floor', 'thinking', 'online', 'extended', 'exacto', 'beta'];

export function splitVariant(slug: string): { slug: string; variant: string | null } {
  const at = slug.lastIndexOf(':');
  const variant = at > 0 ? slug.slice(at + 1).toLowerCase() : '';
  return VARIANTS.includes(variant) ? { slug: slug.slice(0, at), variant } : { slug, variant: null };
}

/** Names of one organisation → the one that the catalog uses. */
const AUTHOR_ALIASES: Record<string, string> = {
  alibaba: 'qwen',
  'alibaba-cloud': 'qwen',
  mistral: 'mistralai',
  'mistral-ai': 'mistralai',
  xai: 'x-ai',
  zai: 'z-ai',
  'zai-org': 'z-ai',
  zhipuai: 'z-ai',
  thudm: 'z-ai',
  moonshot: 'moonshotai',
  minimaxai: 'minimax',
  'deepseek-ai': 'deepseek',
  gemini: 'google',
  'stepfun-ai': 'stepfun',
  ibm: 'ibm-granite',
};

/** Gateways and clouds that stand before the model's own name. */
const HOSTS =
  /^(azure|azure_ai|bedrock|vertex_ai|vertex_ai_beta|openrouter|together_ai|together|groq|fireworks_ai|fireworks|deepinfra|cerebras|litellm|github|models|publishers\/[a-z-]+\/models|accounts\/[a-z-]+\/models|ollama|hosted_vllm)\//;

/** First letters of a bare model name → its author. */
const FAMILIES: [RegExp, string][] = [
  [/^claude/, 'anthropic'],
  [/^(gpt-|o[134](-|$)|chatgpt|text-embedding|codex|davinci)/, 'openai'],
  [/^(gemini|gemma)/, 'google'],
  [/^(grok)/, 'x-ai'],
  [/^deepseek/, 'deepseek'],
  [/^(qwen|qwq)/, 'qwen'],
  [/^(mistral|mixtral|codestral|ministral|devstral|magistral|pixtral)/, 'mistralai'],
  [/^(llama|meta-llama)/, 'meta-llama'],
  [/^kimi/, 'moonshotai'],
  [/^glm/, 'z-ai'],
  [/^minimax/, 'minimax'],
  [/^command/, 'cohere'],
  [/^phi-/, 'microsoft'],
  [/^nova-/, 'amazon'],
];

/**
 * Candidates for a slug's canonical name, the most literal first. The catalog takes the first that it knows.
 * Answers at least one, for any text.
 */
export function candidates(raw: string): string[] {
  let slug = splitVariant(raw.trim().toLowerCase()).slug.slice(0, 300);
  slug = slug
    .replace(/^(us|eu|apac|global)\.(?=[a-z]+\.)/, '')
    .replace(/^([a-z0-9-]+)\.(?=(claude|nova|llama|mistral|command|titan|deepseek|gpt))/, '$1/');
  while (HOSTS.test(slug)) slug = slug.replace(HOSTS, '');
  slug = slug
    .replace('@', '-')
    .replace(/-v\d+:\d+$/, '')
    .replace(/:latest$/, '');
  const out: string[] = [];
  const add = (s: string) => {
    if (!out.includes(s)) out.push(s);
  };
  const [head = '', ...rest] = slug.split('/');
  const name = rest.length > 0 ? (rest.at(-1) ?? '') : head;
  const family = FAMILIES.find(([pattern]) => pattern.test(name))?.[1];
  const given = rest.length > 0 ? (rest.length > 1 ? (rest.at(-2) ?? head) : head) : null;
  const authors = [given === null ? null : (AUTHOR_ALIASES[given] ?? given), family ?? null].filter(
    (a) => a !== null,
  );
  add(slug);
  for (const author of authors) for (const form of nameForms(name)) add(`${author}/${form}`);
  return out;
}

/** A name with its date taken off, Claude's word order turned round, dashes between digits read as points. */
function nameForms(name: string): string[] {
  const bases = [name];
  for (const pattern of [
    /-\d{8}$/,
    /-\d{4}-\d{2}-\d{2}$/,
    /-\d{4}$/,
    /-\d{2}-\d{2}$/,
    /-(latest|preview|instruct|001)$/,
  ]) {
    const last = bases.at(-1) ?? name;
    if (pattern.test(last)) bases.push(last.replace(pattern, ''));
    else if (pattern.test(name)) bases.push(name.replace(pattern, ''));
  }
  const forms: string[] = [];
  for (const base of bases) {
    const dotted = base.replace(/(?<=\d)-(?=\d{1,2}(-|$))/g, '.');
    for (const form of [base, dotted, ...turned(dotted), ...turned(base)])
      if (!forms.includes(form)) forms.push(form);
  }
  return forms;
}

/** claude-4.5-sonnet ↔ claude-sonnet-4.5: both orders are in use. */
function turned(name: string): string[] {
  const numberFirst = /^claude-(\d+(?:\.\d+)?)-(opus|sonnet|haiku|fable)(.*)$/.exec(name);
  if (numberFirst) return [`claude-${numberFirst[2]}-${numberFirst[1]}${numberFirst[3]}`];
  const wordFirst = /^claude-(opus|sonnet|haiku|fable)-(\d+(?:\.\d+)?)(.*)$/.exec(name);
  return wordFirst ? [`claude-${wordFirst[2]}-${wordFirst[1]}${wordFirst[3]}`] : [];
}
