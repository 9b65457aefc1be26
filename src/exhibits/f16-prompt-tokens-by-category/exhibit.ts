import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F16',
  slug: 'prompt-tokens-by-category',
  section: 'agentic',
  unit: 'tokens_per_request',
  kind: 'series',
  chart: { type: 'lines' },
  needs: ['labels', 'requests', 'promptTokens'],
  seriesKind: 'message',
  statement: 'longest',
  notes: [
    { id: 'sample', when: 'labelled', field: 'labels' },
    { id: 'other-category', when: 'other_share' },
  ],
  published: [{ series: 'programming', stat: 'typical', text: '> 20 K', atLeast: 20000 }],
});
