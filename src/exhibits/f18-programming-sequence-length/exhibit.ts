import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F18',
  slug: 'programming-sequence-length',
  section: 'agentic',
  unit: 'tokens_per_request',
  kind: 'series',
  chart: { type: 'lines' },
  needs: ['labels', 'requests', 'promptTokens', 'completionTokens'],
  seriesKind: 'message',
  statement: 'ratio',
  notes: [{ id: 'sample', when: 'labelled', field: 'labels' }],
  published: [{ series: ['programming', 'overall'], stat: 'ratio', text: '3–4 ×', between: [3, 4] }],
});
