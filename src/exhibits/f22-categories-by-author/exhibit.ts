import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F22',
  slug: 'categories-by-author',
  section: 'categories',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: ['labels'],
  ofModels: true,
  seriesKind: 'message',
  panelKind: 'author',
  panels: [
    { letter: 'a', key: 'anthropic' },
    { letter: 'b', key: 'google' },
    { letter: 'c', key: 'x-ai' },
  ],
  statement: 'mix',
  notes: [
    { id: 'sample', when: 'labelled', field: 'labels' },
    { id: 'other-category', when: 'other_share' },
  ],
  published: [
    { panel: 'anthropic', series: ['programming', 'technology'], stat: 'mean', text: '> 80 %', atLeast: 0.8 },
    { panel: 'google', series: 'programming', stat: 'end', text: '≈ 18 %', value: 0.18, approx: true },
    { panel: 'google', series: 'legal', stat: 'mean', text: '5 %', value: 0.05 },
    { panel: 'google', series: 'science', stat: 'mean', text: '10 %', value: 0.1 },
    { panel: 'x-ai', series: 'programming', stat: 'typical', text: '> 80 %', atLeast: 0.8 },
  ],
});
