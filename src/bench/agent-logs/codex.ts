/** Sessions of Codex CLI, made up. */
import type { Random } from './random.ts';
import type { Earlier, Session } from './session.ts';

const MODELS = ['gpt-5.1-codex', 'gpt-5.1-codex-max', 'gpt-5.1-codex-mini'];
/** The prompt with which a conversation begins or begins anew once it has been summed up, and where that happens. */
const [FIRST_PROMPT, FULL] = [9000, 200_000];

export function codexSession(rng: Random, start: number, earlier: Earlier | null): Session {
  const id = rng.uuid();
  const log = new Log(rng, start, id);
  const isFork = earlier !== null && rng.chance(0.15);
  const day = new Date(start).toISOString();
  const name = `rollout-${day.slice(0, 19).replaceAll(':', '-')}-${id}.jsonl`;
  return {
    id,
    path: `sessions/${day.slice(0, 10).replaceAll('-', '/')}/${name}`,
    lines: (function* () {
      yield log.meta(isFork ? { forked_from_id: earlier.id } : {});
      if (isFork) yield* log.copied(earlier.lines);
      for (;;) yield* log.turns();
    })(),
  };
}

const NOTHING = {
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  reasoning_output_tokens: 0,
  total_tokens: 0,
};
type Counts = typeof NOTHING;

class Log {
  #rng: Random;
  #start: number;
  #at: number;
  #id: string;
  #model: string;
  #prompt = FIRST_PROMPT;
  #total: Counts = NOTHING;
  #last: Counts = NOTHING;

  constructor(rng: Random, start: number, id: string) {
    this.#rng = rng;
    this.#start = start;
    this.#at = start;
    this.#id = id;
    this.#model = rng.pick(MODELS);
  }

  meta(more: object): string {
    return this.#line('session_meta', {
      id: this.#id,
      timestamp: new Date(this.#start).toISOString(),
      cwd: '/home/ada/project',
      originator: 'codex_cli_rs',
      cli_version: '0.63.0',
      instructions: this.#rng.prose(9000),
      source: 'cli',
      model_provider: 'openai',
      ...more,
    });
  }

  /** The history of the session that this one is forked from, written at once, and the running total with it. */
  *copied(lines: readonly string[]): Generator<string> {
    const timestamp = new Date(this.#start).toISOString();
    for (const line of lines) {
      const entry = JSON.parse(line) as { payload: { info?: { total_token_usage?: Counts } | null } };
      this.#total = entry.payload.info?.total_token_usage ?? this.#total;
      yield JSON.stringify({ ...entry, timestamp });
    }
    this.#at += 5000;
  }

  /** A question and what the model does about it. */
  *turns(): Generator<string> {
    const rng = this.#rng;
    const prompt = rng.prose(rng.whole(40, 900));
    yield this.#message('user', 'input_text', prompt);
    yield this.#line('event_msg', { type: 'user_message', message: prompt, kind: 'plain' });
    yield this.#line('turn_context', {
      cwd: '/home/ada/project',
      approval_policy: 'on-request',
      sandbox_policy: { mode: 'workspace-write', network_access: false },
      model: this.#model,
      effort: 'medium',
      summary: 'auto',
    });
    for (let turn = rng.whole(3, 25); turn > 0; turn--) {
      const call_id = `call_${rng.letters(24)}`;
      yield this.#line('response_item', {
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: rng.prose(rng.whole(40, 300)) }],
        content: null,
        encrypted_content: rng.letters(rng.whole(600, 3000)),
      });
      const command = JSON.stringify({ command: ['bash', '-lc', rng.prose(rng.whole(30, 800))] });
      yield this.#line('response_item', {
        type: 'function_call',
        name: 'shell',
        arguments: command,
        call_id,
      });
      yield* this.#counted();
      const output = rng.prose(rng.whole(100, rng.chance(0.15) ? 20_000 : 5000));
      yield this.#line('response_item', {
        type: 'function_call_output',
        call_id,
        output: JSON.stringify({ output, metadata: { exit_code: 0, duration_seconds: 0.3 } }),
      });
    }
    const said = rng.prose(rng.whole(100, 1500));
    yield this.#line('event_msg', { type: 'agent_message', message: said });
    yield this.#message('assistant', 'output_text', said);
    yield* this.#counted();
  }

  /** The counts after an answer; now and then the same again, as the rate limits changed. */
  *#counted(): Generator<string> {
    const rng = this.#rng;
    const input_tokens = this.#prompt + rng.whole(100, 3000);
    const output_tokens = rng.whole(30, 1500);
    this.#last = {
      input_tokens,
      cached_input_tokens: Math.floor(this.#prompt * 0.96),
      output_tokens,
      reasoning_output_tokens: Math.floor(output_tokens * 0.4),
      total_tokens: input_tokens + output_tokens,
    };
    this.#prompt = input_tokens > FULL ? FIRST_PROMPT : input_tokens;
    const total = { ...this.#total };
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += this.#last[key];
    this.#total = total;
    yield this.#count();
    if (rng.chance(0.1)) yield this.#count();
  }

  #count(): string {
    const info = {
      total_token_usage: this.#total,
      last_token_usage: this.#last,
      model_context_window: 272_000,
    };
    const rate_limits = {
      primary: { used_percent: this.#rng.whole(1, 99), window_minutes: 299, resets_in_seconds: 9000 },
      secondary: { used_percent: 4, window_minutes: 10_079, resets_in_seconds: 500_000 },
    };
    return this.#line('event_msg', { type: 'token_count', info, rate_limits });
  }

  #message(role: string, type: string, text: string): string {
    return this.#line('response_item', { type: 'message', role, content: [{ type, text }] });
  }

  #line(type: string, payload: object): string {
    const timestamp = new Date(this.#at).toISOString();
    this.#at += this.#rng.whole(200, 8000);
    return JSON.stringify({ timestamp, type, payload });
  }
}
