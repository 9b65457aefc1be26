import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F17',
  slug: 'sequence-length',
  section: 'agentic',
  unit: 'tokens_per_request',
  kind: 'series',
  chart: { type: 'lines' },
  needs: ['requests', 'promptTokens', 'completionTokens'],
  seriesKind: 'message',
  statement: 'first-last',
  focus: 'sequence-length',
  published: [
    { series: 'sequence-length', stat: 'start', text: '< 2 000', at: '2023-11/2023-12', atMost: 2000 },
    { series: 'sequence-length', stat: 'end', text: '> 5 400', atLeast: 5400 },
  ],
});
