import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F13',
  slug: 'tool-offering-models',
  section: 'agentic',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: ['toolsOffered'],
  seriesKind: 'model',
  statement: 'leader',
  notes: [{ id: 'top-models', when: 'of' }],
  published: [],
});
