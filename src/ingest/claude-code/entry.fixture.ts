/** For tests: the lines that Claude Code writes. */

import { readLog } from '../door.fixture.ts';
import { claudeCode } from './door.ts';

export const read = (lines: readonly string[], file?: string) => readLog(claudeCode, lines, file);

export const MESSAGE_ID = 'msg_01Qr7Yw3FvTn5LxKcB8sHd2J';

/** One content block of an answer; `over` replaces keys of the entry, of the message and of its usage. */
export function entry(over: { top?: object; message?: object; usage?: object } = {}): string {
  return JSON.stringify({
    parentUuid: '0b1f2f6e-7a3c-4c55-9a5e-0d6f9a2b7c11',
    isSidechain: false,
    cwd: '/home/someone/project',
    sessionId: '5f0f3c9e-8f55-4a53-9c1e-2a8d1b7e6a01',
    version: '2.1.63',
    type: 'assistant',
    uuid: '9d3e6b1a-2c47-4f0b-8a1d-6b5c4d3e2f10',
    requestId: 'req_011CWbT4n7Zt9Gk2Rq5LmXvA',
    timestamp: '2026-03-01T10:31:43.399Z',
    message: {
      id: MESSAGE_ID,
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5-20250929',
      content: [{ type: 'text', text: 'Nothing of this may pass the door.' }],
      stop_reason: null,
      usage: {
        input_tokens: 4,
        cache_creation_input_tokens: 427,
        cache_read_input_tokens: 54_615,
        output_tokens: 2_087,
        service_tier: 'standard',
        ...over.usage,
      },
      ...over.message,
    },
    ...over.top,
  });
}
