import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F9',
  slug: 'roleplay-by-source',
  section: 'open-vs-closed',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: ['labels'],
  ofModels: true,
  seriesKind: 'message',
  statement: 'mix',
  notes: [{ id: 'sample', when: 'labelled', field: 'labels' }],
  published: [
    { series: 'closed', stat: 'mean', text: '≈ 70 %', at: '2025-05', value: 0.7, approx: true },
    { series: 'open-row', stat: 'mean', text: '22 %', at: '2025-05', value: 0.22 },
    { series: 'open-chinese', stat: 'mean', text: '8 %', at: '2025-05', value: 0.08 },
    { series: 'open-row', stat: 'end', text: '43 %', at: '2025-11', value: 0.43 },
    { series: 'closed', stat: 'end', text: '42 %', at: '2025-11', value: 0.42 },
  ],
});
