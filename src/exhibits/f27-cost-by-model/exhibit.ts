import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F27',
  slug: 'cost-by-model',
  section: 'cost',
  unit: 'tokens',
  kind: 'scatter',
  chart: { type: 'scatter', scatter: { x: 'usd_per_million', y: 'tokens', regression: true } },
  needs: ['cost'],
  ofModels: true,
  seriesKind: 'message',
  panelKind: 'message',
  statement: 'elasticity',
  notes: [
    { id: 'free-models', when: 'free' },
    { id: 'unpriced', when: 'unpriced_share', field: 'cost' },
  ],
  published: [{ series: 'price_cut_change', stat: 'fact', text: '0.5–0.7 %', between: [0.005, 0.007] }],
});
