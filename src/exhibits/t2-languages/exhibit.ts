import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'T2',
  slug: 'languages',
  section: 'geography',
  unit: 'share',
  kind: 'table',
  chart: { type: 'bars', label: 'name', value: 'share' },
  columns: ['language', 'name', 'tokens', 'share', 'requests'],
  needs: ['language'],
  seriesKind: 'message',
  statement: 'languages',
  notes: [{ id: 'unknown-language', when: 'unknown_share', field: 'language' }],
  published: [
    { series: 'en', stat: 'total', text: '82.87 %', value: 0.8287 },
    { series: 'zh-Hans', stat: 'total', text: '4.95 %', value: 0.0495 },
    { series: 'ru', stat: 'total', text: '2.47 %', value: 0.0247 },
    { series: 'es', stat: 'total', text: '1.43 %', value: 0.0143 },
    { series: 'th', stat: 'total', text: '1.03 %', value: 0.0103 },
    { series: 'other', stat: 'total', text: '7.25 %', value: 0.0725 },
  ],
});
