import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F19',
  slug: 'programming-share',
  section: 'categories',
  unit: 'share',
  kind: 'series',
  chart: { type: 'lines' },
  needs: ['labels'],
  seriesKind: 'message',
  statement: 'first-last',
  focus: 'programming',
  notes: [
    { id: 'sample', when: 'labelled', field: 'labels' },
    { id: 'other-category', when: 'other_share' },
  ],
  published: [
    { series: 'programming', stat: 'start', text: '≈ 11 %', value: 0.11 },
    { series: 'programming', stat: 'end', text: '> 50 %', at: '2025-11', atLeast: 0.5 },
  ],
});
