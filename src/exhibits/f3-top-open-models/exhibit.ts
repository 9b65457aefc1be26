import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F3',
  slug: 'top-open-models',
  section: 'open-vs-closed',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: [],
  seriesKind: 'model',
  statement: 'leader',
  notes: [
    { id: 'top-models', when: 'of' },
    { id: 'unknown-openness', when: 'unknown_openness_share' },
  ],
  published: [
    {
      series: ['deepseek/deepseek-chat', 'deepseek/deepseek-r1'],
      stat: 'max',
      text: '> 50 %',
      at: '2024-11/2025-03',
      atLeast: 0.5,
    },
    { series: '*', stat: 'end', text: '≤ 25 %', at: '2025-11', atMost: 0.25 },
  ],
});
