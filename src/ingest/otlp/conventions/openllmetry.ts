/**
 * OpenLLMetry (Traceloop): GenAI attributes, `traceloop.*` on spans of workflows, `llm.request.type` in older versions.
 *
 * Its totals include cached and reasoning tokens, also for Anthropic's models. A streamed chat has no token counts.
 */
import { type Span, textAt } from '../span.ts';
import type { Convention, Reading } from './contract.ts';
import { GEN_AI_CONTENT, GEN_AI_KEYS, GEN_AI_TOOLS, genAiFacts, readGenAi } from './gen-ai.ts';
import { genAiUserText } from './user-text.ts';

const TYPES = new Set(['chat', 'completion', 'embedding']);

export const openLlmetry: Convention = {
  name: 'openllmetry',
  door: 'otlp',
  keys: [...GEN_AI_KEYS, 'traceloop.span.kind', 'llm.request.type'],
  content: GEN_AI_CONTENT,
  tools: GEN_AI_TOOLS,
  read(span: Span): Reading | null {
    const kind = textAt(span, 'traceloop.span.kind');
    if (kind === 'workflow' || kind === 'agent') return 'roll-up';
    const type = textAt(span, 'llm.request.type');
    if (kind === null && type === null) return null;
    if (type !== null && TYPES.has(type)) return { generation: genAiFacts(span) };
    if (type === 'rerank') return 'other';
    return readGenAi(span) ?? 'other';
  },
  userText: genAiUserText,
};
