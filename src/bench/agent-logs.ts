/**
 * Logs as Claude Code and Codex write them, made up: sessions of a realistic shape, whose bytes are mostly conversation
 * (tool output, files, answers) around the few lines that tell use.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Random, random } from './random.ts';

export type AgentFormat = 'claude-code' | 'codex';

/** About as long as sessions get before people begin a new one. */
const SESSION_BYTES = 3e6;
const START = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;

/** Writes sessions below `directory` until they hold `bytes`. Answers bytes and files. */
export async function writeAgentLogs(
  directory: string,
  format: AgentFormat,
  bytes: number,
  seed = 1,
): Promise<{ bytes: number; files: number }> {
  const rng = random(seed);
  const session = format === 'claude-code' ? claudeSession : codexSession;
  const written = { bytes: 0, files: 0 };
  while (written.bytes < bytes) {
    const start = START + Math.floor((written.bytes / bytes) * 180) * DAY_MS + rng.whole(0, DAY_MS - 1);
    const { path, lines } = session(rng, start);
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    const out = createWriteStream(file);
    let size = 0;
    for (const line of lines) {
      size += Buffer.byteLength(line) + 1;
      if (!out.write(`${line}\n`)) await once(out, 'drain');
      if (size > SESSION_BYTES) break;
    }
    out.end();
    await once(out, 'close');
    written.bytes += size;
    written.files++;
  }
  return written;
}

interface Session {
  path: string;
  lines: Iterable<string>;
}

const MODELS = {
  'claude-code': ['claude-sonnet-4-5-20250929', 'claude-opus-4-5-20251101', 'claude-haiku-4-5-20251001'],
  codex: ['gpt-5.1-codex', 'gpt-5.1-codex-max', 'gpt-5.1-codex-mini'],
};

function claudeSession(rng: Random, start: number): Session {
  const sessionId = rng.uuid();
  let at = start;
  let parent: string | null = null;
  let context = 18_000;
  const top = (type: string, more: object) => {
    const uuid = rng.uuid();
    const entry = {
      parentUuid: parent,
      isSidechain: false,
      userType: 'external',
      cwd: '/home/ada/project',
      sessionId,
      version: '2.1.63',
      gitBranch: 'main',
      type,
      ...more,
      uuid,
      timestamp: new Date(at).toISOString(),
    };
    parent = uuid;
    at += rng.whole(300, 9000);
    return JSON.stringify(entry);
  };
  const answer = (content: readonly object[]) => {
    const written = rng.whole(200, 4000);
    const usage = (output: number) => ({
      input_tokens: rng.whole(1, 12),
      cache_creation_input_tokens: written,
      cache_read_input_tokens: context,
      cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
      output_tokens: output,
      service_tier: 'standard',
    });
    const id = `msg_01${rng.letters(22)}`;
    const requestId = `req_011C${rng.letters(20)}`;
    const model = rng.pick(MODELS['claude-code']);
    const output = rng.whole(40, 1800);
    context += written;
    if (context > 160_000) context = 18_000;
    // Each content block is an entry of its own; all repeat the usage.
    return content.map((block, i) =>
      top('assistant', {
        requestId,
        message: {
          model,
          id,
          type: 'message',
          role: 'assistant',
          content: [block],
          stop_reason: i === content.length - 1 ? 'tool_use' : null,
          stop_sequence: null,
          usage: usage(i === content.length - 1 ? output : Math.min(output, 8)),
        },
      }),
    );
  };
  function* lines() {
    for (;;) {
      yield top('user', { message: { role: 'user', content: rng.prose(rng.whole(40, 900)) } });
      for (let turn = rng.whole(3, 25); turn > 0; turn--) {
        const toolId = `toolu_01${rng.letters(22)}`;
        const input = {
          file_path: `/home/ada/project/src/${rng.letters(8)}.ts`,
          old_string: rng.prose(rng.whole(60, 1500)),
        };
        const blocks: object[] = [{ type: 'tool_use', id: toolId, name: 'Edit', input }];
        if (rng.chance(0.5)) blocks.unshift({ type: 'text', text: rng.prose(rng.whole(80, 600)) });
        if (rng.chance(0.3))
          blocks.unshift({
            type: 'thinking',
            thinking: rng.prose(rng.whole(200, 2500)),
            signature: rng.letters(500),
          });
        yield* answer(blocks);
        const text = rng.prose(rng.whole(200, rng.chance(0.15) ? 40_000 : 6000));
        yield top('user', {
          message: { role: 'user', content: [{ tool_use_id: toolId, type: 'tool_result', content: text }] },
          toolUseResult: {
            type: 'text',
            file: { filePath: input.file_path, content: text, numLines: 90, startLine: 1 },
          },
        });
      }
    }
  }
  return { path: `projects/-home-ada-project-${rng.whole(1, 12)}/${sessionId}.jsonl`, lines: lines() };
}

function codexSession(rng: Random, start: number): Session {
  const id = rng.uuid();
  let at = start;
  const model = rng.pick(MODELS.codex);
  const total = {
    input_tokens: 0,
    cached_input_tokens: 0,
    output_tokens: 0,
    reasoning_output_tokens: 0,
    total_tokens: 0,
  };
  let context = 9000;
  const line = (type: string, payload: object) => {
    const text = JSON.stringify({ timestamp: new Date(at).toISOString(), type, payload });
    at += rng.whole(200, 8000);
    return text;
  };
  const counted = () => {
    const input = context + rng.whole(100, 3000);
    const output = rng.whole(30, 1500);
    const last = {
      input_tokens: input,
      cached_input_tokens: Math.floor(context * 0.96),
      output_tokens: output,
      reasoning_output_tokens: Math.floor(output * 0.4),
      total_tokens: input + output,
    };
    context = input > 200_000 ? 9000 : input;
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += last[key];
    return line('event_msg', {
      type: 'token_count',
      info: { total_token_usage: total, last_token_usage: last, model_context_window: 272_000 },
      rate_limits: {
        primary: { used_percent: 12, window_minutes: 299, resets_in_seconds: 9000 },
        secondary: { used_percent: 4, window_minutes: 10_079, resets_in_seconds: 500_000 },
      },
    });
  };
  function* lines() {
    yield line('session_meta', {
      id,
      timestamp: new Date(start).toISOString(),
      cwd: '/home/ada/project',
      originator: 'codex_cli_rs',
      cli_version: '0.63.0',
      instructions: rng.prose(9000),
      source: 'cli',
      model_provider: 'openai',
    });
    for (;;) {
      const prompt = rng.prose(rng.whole(40, 900));
      yield line('response_item', {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: prompt }],
      });
      yield line('event_msg', { type: 'user_message', message: prompt, kind: 'plain' });
      yield line('turn_context', {
        cwd: '/home/ada/project',
        approval_policy: 'on-request',
        sandbox_policy: { mode: 'workspace-write', network_access: false },
        model,
        effort: 'medium',
        summary: 'auto',
      });
      for (let turn = rng.whole(3, 25); turn > 0; turn--) {
        const call = `call_${rng.letters(24)}`;
        yield line('response_item', {
          type: 'reasoning',
          summary: [{ type: 'summary_text', text: rng.prose(rng.whole(40, 300)) }],
          content: null,
          encrypted_content: rng.letters(rng.whole(600, 3000)),
        });
        yield line('response_item', {
          type: 'function_call',
          name: 'shell',
          arguments: JSON.stringify({ command: ['bash', '-lc', rng.prose(rng.whole(30, 800))] }),
          call_id: call,
        });
        yield counted();
        yield line('response_item', {
          type: 'function_call_output',
          call_id: call,
          output: JSON.stringify({
            output: rng.prose(rng.whole(100, rng.chance(0.15) ? 20_000 : 5000)),
            metadata: { exit_code: 0, duration_seconds: 0.3 },
          }),
        });
      }
      const said = rng.prose(rng.whole(100, 1500));
      yield line('event_msg', { type: 'agent_message', message: said });
      yield line('response_item', {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: said }],
      });
      yield counted();
    }
  }
  const day = new Date(start).toISOString();
  const name = `rollout-${day.slice(0, 19).replaceAll(':', '-')}-${id}.jsonl`;
  return { path: `sessions/${day.slice(0, 10).replaceAll('-', '/')}/${name}`, lines: lines() };
}
