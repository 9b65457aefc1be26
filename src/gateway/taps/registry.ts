/** The tap for each dialect of an upstream. */
import type { Dialect, Tap } from '../contract.ts';
import { chatTap } from './chat.ts';
import { messagesTap } from './messages.ts';
import { responsesTap } from './responses.ts';

const TAPS: Record<Dialect, () => Tap> = {
  chat: chatTap,
  completions: chatTap,
  embeddings: chatTap,
  responses: responsesTap,
  messages: messagesTap,
};

export const tapFor = (dialect: Dialect): Tap => TAPS[dialect]();
