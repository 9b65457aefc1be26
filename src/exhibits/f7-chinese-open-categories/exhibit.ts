import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F7',
  slug: 'chinese-open-categories',
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
    { id: 'unknown-source', when: 'unknown_source_share' },
  ],
  published: [
    { series: 'roleplay', stat: 'mean', text: '≈ 33 %', value: 0.33, approx: true },
    { series: ['programming', 'technology'], stat: 'mean', text: '≈ 39 %', value: 0.39, approx: true },
  ],
});
