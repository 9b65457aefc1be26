import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F21',
  slug: 'tags-by-category',
  section: 'categories',
  unit: 'share',
  kind: 'composition',
  chart: { type: 'composition', groupsPerPanel: 6 },
  needs: ['labels'],
  seriesKind: 'tag',
  panels: [
    { letter: 'a', key: '' },
    { letter: 'b', key: '' },
  ],
  statement: 'composition',
  notes: [
    { id: 'sample', when: 'labelled', field: 'labels' },
    { id: 'top-categories', when: 'of' },
    { id: 'other-category', when: 'other_share' },
  ],
  published: [
    {
      panel: 'roleplay',
      series: 'roleplaying games',
      stat: 'total',
      text: '58–60 %',
      value: 0.58,
      approx: true,
    },
    { panel: 'roleplay', series: 'writers resources', stat: 'total', text: '15.6 %', value: 0.156 },
    { panel: 'roleplay', series: 'adult', stat: 'total', text: '15.4 %', value: 0.154 },
    {
      panel: 'programming',
      series: ['programming, other', 'other'],
      stat: 'total',
      text: '> 1/3',
      atLeast: 0.333,
    },
    { panel: 'programming', series: 'development tools', stat: 'total', text: '26.4 %', value: 0.264 },
    {
      panel: 'translation',
      series: 'foreign language resources',
      stat: 'total',
      text: '51.1 %',
      value: 0.511,
    },
    { panel: 'science', series: 'machine learning & AI', stat: 'total', text: '80.4 %', value: 0.804 },
    { panel: 'legal', series: 'government, other', stat: 'total', text: '43.0 %', value: 0.43 },
    { panel: 'legal', series: 'legal, other', stat: 'total', text: '17.8 %', value: 0.178 },
    { panel: 'health', series: '*', stat: 'largest', text: '≤ 25 %', atMost: 0.25 },
    { panel: 'finance', series: '*', stat: 'largest', text: '≤ 20 %', atMost: 0.2 },
  ],
});
