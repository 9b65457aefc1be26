import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F15',
  slug: 'completion-tokens-per-request',
  section: 'agentic',
  unit: 'tokens_per_request',
  kind: 'series',
  chart: { type: 'lines' },
  needs: ['requests', 'completionTokens'],
  seriesKind: 'message',
  statement: 'first-last',
  focus: 'completion',
  published: [
    { series: 'completion', stat: 'start', text: '≈ 150', value: 150, approx: true },
    { series: 'completion', stat: 'end', text: '≈ 400', value: 400, approx: true },
  ],
});
