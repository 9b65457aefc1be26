import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F29',
  slug: 'tags-over-time',
  section: 'categories',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-columns', whole: true },
  needs: ['labels'],
  seriesKind: 'tag',
  panelKind: 'message',
  panels: [
    { letter: 'a', key: 'roleplay' },
    { letter: 'b', key: 'programming' },
    { letter: 'c', key: 'technology' },
  ],
  statement: 'mix',
  notes: [{ id: 'sample', when: 'labelled', field: 'labels' }],
  published: [
    { panel: 'roleplay', series: 'roleplaying games', stat: 'mean', text: '58 %', value: 0.58 },
    {
      panel: 'technology',
      series: ['intelligent assistants', 'productivity software'],
      stat: 'mean',
      text: '65 %',
      value: 0.65,
    },
  ],
});
