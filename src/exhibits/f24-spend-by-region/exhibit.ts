import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F24',
  slug: 'spend-by-region',
  section: 'geography',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: ['cost', 'country'],
  seriesKind: 'message',
  statement: 'mix',
  notes: [
    { id: 'unpriced', when: 'unpriced_share', field: 'cost' },
    { id: 'unplaced', when: 'unplaced_share', field: 'country' },
  ],
  published: [
    { series: 'north-america', stat: 'typical', text: '< 50 %', atMost: 0.5 },
    { series: 'europe', stat: 'mean', text: '14–25 %', between: [0.14, 0.25], approx: true },
    { series: 'asia', stat: 'start', text: '≈ 13 %', value: 0.13 },
    { series: 'asia', stat: 'end', text: '≈ 31 %', value: 0.31 },
  ],
});
