import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F2',
  slug: 'tokens-by-model-type',
  section: 'open-vs-closed',
  unit: 'tokens',
  kind: 'series',
  chart: { type: 'stacked-columns' },
  needs: [],
  seriesKind: 'message',
  statement: 'total',

  published: [],
});
