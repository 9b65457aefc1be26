/** Sessions of Claude Code, made up. */
import type { Random } from './random.ts';
import type { Earlier, Session } from './session.ts';

const MODELS = ['claude-sonnet-4-5-20250929', 'claude-opus-4-5-20251101', 'claude-haiku-4-5-20251001'];
/** The prompt with which a conversation begins or begins anew once it has been summed up, and where that happens. */
const [FIRST_PROMPT, FULL] = [18_000, 160_000];

export function claudeSession(rng: Random, start: number, earlier: Earlier | null): Session {
  const isSidechain = earlier !== null && rng.chance(0.15);
  const isResumed = earlier !== null && !isSidechain && rng.chance(0.15);
  const id = isSidechain ? earlier.id : rng.uuid();
  const log = new Log(rng, start, id, isSidechain);
  const path = isSidechain
    ? `${earlier.path.replace(/(\/subagents\/.*|\.jsonl)$/, '')}/subagents/agent-${rng.letters(8)}.jsonl`
    : `projects/-home-ada-project-${rng.whole(1, 12)}/${id}.jsonl`;
  return {
    id,
    path,
    lines: (function* () {
      if (isResumed) for (const line of earlier.lines) yield line.replaceAll(earlier.id, id);
      if (isSidechain) yield* replayed(rng, earlier);
      for (;;) yield* log.turns();
    })(),
  };
}

/** A side question repeats an answer of its parent under a request id of its own. */
function* replayed(rng: Random, { lines }: Earlier): Generator<string> {
  const found = lines.find((line) => line.includes('"stop_reason":"tool_use"'));
  if (!found) return;
  const entry = JSON.parse(found) as object;
  yield JSON.stringify({ ...entry, isSidechain: true, requestId: `req_011C${rng.letters(20)}` });
}

class Log {
  #rng: Random;
  #at: number;
  #id: string;
  #isSidechain: boolean;
  #parent: string | null = null;
  #prompt = FIRST_PROMPT;

  constructor(rng: Random, start: number, id: string, isSidechain: boolean) {
    this.#rng = rng;
    this.#at = start;
    this.#id = id;
    this.#isSidechain = isSidechain;
  }

  /** A question and what the model does about it. */
  *turns(): Generator<string> {
    const rng = this.#rng;
    yield this.#entry('user', { message: { role: 'user', content: rng.prose(rng.whole(40, 900)) } });
    if (rng.chance(0.03)) yield this.#error();
    for (let turn = rng.whole(3, 25); turn > 0; turn--) {
      const toolId = `toolu_01${rng.letters(22)}`;
      const file = `/home/ada/project/src/${rng.letters(8)}.ts`;
      const input = { file_path: file, old_string: rng.prose(rng.whole(60, 1500)) };
      const blocks: object[] = [{ type: 'tool_use', id: toolId, name: 'Edit', input }];
      if (rng.chance(0.5)) blocks.unshift({ type: 'text', text: rng.prose(rng.whole(80, 600)) });
      if (rng.chance(0.3)) {
        const thinking = rng.prose(rng.whole(200, 2500));
        blocks.unshift({ type: 'thinking', thinking, signature: rng.letters(500) });
      }
      yield* this.#answer(blocks);
      const content = rng.prose(rng.whole(200, rng.chance(0.15) ? 40_000 : 6000));
      yield this.#entry('user', {
        message: { role: 'user', content: [{ tool_use_id: toolId, type: 'tool_result', content }] },
        toolUseResult: { type: 'text', file: { filePath: file, content, numLines: 90, startLine: 1 } },
      });
    }
  }

  /** Each content block is an entry of its own; all repeat the usage, the first ones with a preliminary count. */
  *#answer(content: readonly object[]): Generator<string> {
    const rng = this.#rng;
    const written = rng.whole(200, 4000);
    const counts = {
      input_tokens: rng.whole(1, 12),
      cache_creation_input_tokens: written,
      cache_read_input_tokens: this.#prompt,
      cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
    };
    const output = rng.whole(40, 1800);
    const head = {
      model: rng.pick(MODELS),
      id: `msg_01${rng.letters(22)}`,
      type: 'message',
      role: 'assistant',
    };
    const requestId = `req_011C${rng.letters(20)}`;
    this.#prompt = this.#prompt + written > FULL ? FIRST_PROMPT : this.#prompt + written;
    for (const [i, block] of content.entries()) {
      const isLast = i === content.length - 1;
      const output_tokens = isLast ? output : Math.min(output, 8);
      const usage = { ...counts, output_tokens, service_tier: 'standard' };
      const stop = { stop_reason: isLast ? 'tool_use' : null, stop_sequence: null };
      yield this.#entry('assistant', { requestId, message: { ...head, content: [block], ...stop, usage } });
    }
  }

  /** What Claude Code says itself when a request failed. */
  #error(): string {
    const usage = {
      input_tokens: 0,
      output_tokens: 0,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
    };
    const content = [{ type: 'text', text: 'API Error: 529' }];
    return this.#entry('assistant', {
      isApiErrorMessage: true,
      message: { id: this.#rng.uuid(), model: '<synthetic>', role: 'assistant', content, usage },
    });
  }

  #entry(type: string, more: object): string {
    const uuid = this.#rng.uuid();
    const entry = {
      parentUuid: this.#parent,
      isSidechain: this.#isSidechain,
      userType: 'external',
      cwd: '/home/ada/project',
      sessionId: this.#id,
      version: '2.1.63',
      gitBranch: 'main',
      type,
      ...more,
      uuid,
      timestamp: new Date(this.#at).toISOString(),
    };
    this.#parent = uuid;
    this.#at += this.#rng.whole(300, 9000);
    return JSON.stringify(entry);
  }
}
