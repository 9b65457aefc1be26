import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F23',
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
    { letter: 'a', key: 'openai' },
    { letter: 'b', key: 'deepseek' },
    { letter: 'c', key: 'qwen' },
  ],
  statement: 'mix',
  notes: [
    { id: 'sample', when: 'labelled', field: 'labels' },
    { id: 'other-category', when: 'other_share' },
  ],
  published: [
    { panel: 'openai', series: 'science', stat: 'start', text: '> 50 %', atLeast: 0.5 },
    { panel: 'openai', series: 'science', stat: 'end', text: '< 15 %', atMost: 0.15 },
    { panel: 'openai', series: 'programming', stat: 'end', text: '29 %', value: 0.29 },
    { panel: 'openai', series: 'technology', stat: 'end', text: '29 %', value: 0.29 },
    { panel: 'deepseek', series: ['roleplay', 'trivia'], stat: 'mean', text: '≈ 2/3', atLeast: 0.66 },
    { panel: 'qwen', series: 'programming', stat: 'mean', text: '40–60 %', between: [0.4, 0.6] },
  ],
});
