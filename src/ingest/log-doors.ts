/** The doors for agents' logs, one line each. Apart from the registry, so that a thread which only reads logs loads little. */
import { claudeCode } from './claude-code/door.ts';
import { codex } from './codex/door.ts';
import type { LogDoor } from './door.ts';
import { geminiCli } from './gemini-cli/door.ts';
import { opencode } from './opencode/door.ts';

export const LOG_DOORS: readonly LogDoor[] = [claudeCode, codex, opencode, geminiCli];
