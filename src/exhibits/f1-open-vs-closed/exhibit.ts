import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F1',
  slug: 'open-vs-closed',
  section: 'open-vs-closed',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area', annotateReleases: true },
  needs: [],
  seriesKind: 'message',
  statement: 'first-last',
  focus: ['open-chinese', 'open-row'],
  published: [
    { series: 'closed', stat: 'mean', text: '≈ 70 %', value: 0.7, approx: true },
    { series: 'open-chinese', stat: 'mean', text: '13.0 %', value: 0.13 },
    { series: 'open-row', stat: 'mean', text: '13.7 %', value: 0.137 },
    { series: 'open-chinese', stat: 'min', text: '1.2 %', at: '2024-11/2024-12', value: 0.012 },
    { series: 'open-chinese', stat: 'max', text: '≈ 30 %', value: 0.3, approx: true },
    {
      series: ['open-chinese', 'open-row'],
      stat: 'end',
      text: '≈ 33 %',
      at: '2025-11',
      value: 0.333,
      approx: true,
    },
  ],
});
