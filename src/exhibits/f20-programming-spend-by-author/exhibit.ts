import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F20',
  slug: 'programming-spend-by-author',
  section: 'categories',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: ['labels', 'cost'],
  ofModels: true,
  seriesKind: 'author',
  statement: 'mix',
  notes: [
    { id: 'sample', when: 'labelled', field: 'labels' },
    { id: 'top-authors', when: 'of' },
    { id: 'unpriced', when: 'unpriced_share', field: 'cost' },
  ],
  published: [
    { series: 'anthropic', stat: 'typical', text: '> 60 %', atLeast: 0.6 },
    { series: 'anthropic', stat: 'mean', text: '< 60 %', at: '2025-11-17', atMost: 0.6 },
    { series: 'openai', stat: 'mean', text: '2 %', at: '2025-07', value: 0.02 },
    { series: 'openai', stat: 'end', text: '8 %', at: '2025-11', value: 0.08 },
    { series: 'google', stat: 'typical', text: '≈ 15 %', value: 0.15, approx: true },
  ],
});
