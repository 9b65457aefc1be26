import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F4',
  slug: 'open-size-classes',
  section: 'open-vs-closed',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: [],
  seriesKind: 'message',
  statement: 'first-last',
  focus: 'medium',
  notes: [{ id: 'unknown-openness', when: 'unknown_openness_share' }],
  published: [],
});
