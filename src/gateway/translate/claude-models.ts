/** What the Claude models accept of the messages dialect, read from their names: families differ in what they refuse. */

export interface ClaudeLimits {
  /** Most output tokens of the model, at most 64,000: what is asked for where the client sets no limit. */
  maxTokens: number;
  /** `thinking: {type: "adaptive"}` with an effort. Without it, thinking needs a budget of tokens. */
  adaptive: boolean;
  /** Thinking with a budget is still accepted. */
  budgets: boolean;
  /** `temperature`, `top_p` and `top_k` are accepted. */
  sampling: boolean;
  /** The effort `xhigh` is known. */
  xhigh: boolean;
  /** `thinking: {type: "disabled"}` is refused. */
  alwaysThinks: boolean;
  /** `role: "system"` is accepted behind a user turn. */
  systemTurns: boolean;
  /** Thinking without a signature is refused. */
  signed: boolean;
}

/** Another maker's model behind the same dialect: the oldest, most widely understood forms. */
const UNKNOWN: ClaudeLimits = {
  maxTokens: 8192,
  adaptive: false,
  budgets: true,
  sampling: true,
  xhigh: false,
  alwaysThinks: false,
  systemTurns: false,
  signed: false,
};

/** @param model any spelling: `claude-opus-4-6-20260101`, `anthropic/claude-opus-4.6`, `us.anthropic.claude-sonnet-4-…` */
export function claudeLimits(model: string): ClaudeLimits {
  const name = model.toLowerCase();
  if (!name.includes('claude')) return UNKNOWN;
  const match = /claude-(opus|sonnet|haiku|fable|mythos)-(\d)(?:[-.](\d)(?!\d))?/.exec(name);
  if (!match) return olderClaude(name);
  const [, family, major, minor] = match;
  const version = Number(major) + Number(minor ?? 0) / 10;
  const modern = version >= 4.7;
  return {
    maxTokens: family === 'opus' && version < 4.5 ? 32_000 : 64_000,
    adaptive: version >= 4.6,
    budgets: !modern,
    sampling: !modern,
    xhigh: modern,
    alwaysThinks: family === 'fable' || family === 'mythos' || (version >= 5.5 && family !== 'haiku'),
    systemTurns: version >= 4.8,
    signed: true,
  };
}

function olderClaude(name: string): ClaudeLimits {
  const maxTokens = /claude-3[-.]7/.test(name) ? 64_000 : /claude-3[-.]5/.test(name) ? 8192 : 4096;
  return { ...UNKNOWN, maxTokens, signed: true, budgets: /claude-3[-.]7/.test(name) };
}
