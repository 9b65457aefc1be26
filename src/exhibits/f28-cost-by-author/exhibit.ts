import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F28',
  slug: 'cost-by-author',
  section: 'cost',
  unit: 'tokens',
  kind: 'scatter',
  chart: {
    type: 'scatter',
    scatter: {
      x: 'usd_per_million',
      y: 'tokens',
      quadrants: ['efficient-giants', 'premium-leaders', 'long-tail', 'premium-specialists'],
    },
  },
  needs: ['cost'],
  ofModels: true,
  seriesKind: 'message',
  panelKind: 'author',
  statement: 'quadrants',
  notes: [
    { id: 'free-models', when: 'free' },
    { id: 'unpriced', when: 'unpriced_share', field: 'cost' },
  ],
  published: [],
});
