import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F6',
  slug: 'open-categories',
  section: 'open-vs-closed',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: ['labels'],
  ofModels: true,
  seriesKind: 'message',
  statement: 'mix',
  notes: [
    { id: 'sample', when: 'labelled', field: 'labels' },
    { id: 'other-category', when: 'other_share' },
    { id: 'unknown-openness', when: 'unknown_openness_share' },
  ],
  published: [
    { series: 'roleplay', stat: 'mean', text: '≈ 52 %', value: 0.52, approx: true },
    { series: 'programming', stat: 'mean', text: '15–20 %', between: [0.15, 0.2] },
  ],
});
