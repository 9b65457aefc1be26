import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F14',
  slug: 'prompt-tokens-per-request',
  section: 'agentic',
  unit: 'tokens_per_request',
  kind: 'series',
  chart: { type: 'lines' },
  needs: ['requests', 'promptTokens'],
  seriesKind: 'message',
  statement: 'first-last',
  focus: 'prompt',
  published: [
    { series: 'prompt', stat: 'start', text: '≈ 1.5 K', value: 1500, approx: true },
    { series: 'prompt', stat: 'end', text: '> 6 K', atLeast: 6000 },
  ],
});
