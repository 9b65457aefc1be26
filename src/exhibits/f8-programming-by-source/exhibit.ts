import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F8',
  slug: 'programming-by-source',
  section: 'open-vs-closed',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: ['labels'],
  ofModels: true,
  seriesKind: 'message',
  statement: 'mix',
  notes: [{ id: 'sample', when: 'labelled', field: 'labels' }],
  published: [],
});
