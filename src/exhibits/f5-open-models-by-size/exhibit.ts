import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F5',
  slug: 'open-models-by-size',
  section: 'open-vs-closed',
  unit: 'models',
  kind: 'series',
  chart: { type: 'stacked-columns' },
  needs: [],
  seriesKind: 'message',
  statement: 'total',
  notes: [{ id: 'unknown-openness', when: 'unknown_openness_share' }],
  published: [],
});
