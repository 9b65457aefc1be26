import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F11',
  slug: 'top-reasoning-models',
  section: 'agentic',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: [],
  seriesKind: 'model',
  statement: 'leader',
  notes: [
    { id: 'top-models', when: 'of' },
    { id: 'unknown-reasoning', when: 'unknown_reasoning_share' },
  ],
  published: [
    {
      series: ['x-ai/grok-code-fast-1', 'google/gemini-2.5-pro', 'google/gemini-2.5-flash'],
      stat: 'order',
      text: '1, 2, 3',
      at: '2025-11',
    },
  ],
});
