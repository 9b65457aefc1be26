import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F26',
  slug: 'cost-by-category',
  section: 'cost',
  unit: 'tokens',
  kind: 'scatter',
  chart: {
    type: 'scatter',
    scatter: {
      x: 'usd_per_million',
      y: 'tokens',
      quadrants: ['mass-market', 'premium-workloads', 'niche-utilities', 'specialised-experts'],
    },
  },
  needs: ['labels', 'cost'],
  seriesKind: 'message',
  panelKind: 'message',
  statement: 'cost-by-category',
  notes: [
    { id: 'sample', when: 'labelled', field: 'labels' },
    { id: 'free-categories', when: 'free' },
    { id: 'unpriced', when: 'unpriced_share', field: 'cost' },
    { id: 'other-category', when: 'other_share' },
  ],
  published: [{ series: 'median_x', stat: 'fact', text: '$0.73', value: 0.73 }],
});
