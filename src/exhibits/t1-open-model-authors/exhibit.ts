import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'T1',
  slug: 'open-model-authors',
  section: 'open-vs-closed',
  unit: 'tokens',
  kind: 'table',
  chart: { type: 'bars', label: 'author_name', value: 'tokens' },
  needs: [],
  seriesKind: 'author',
  statement: 'table',
  columns: ['author', 'author_name', 'tokens', 'share', 'models', 'requests'],
  notes: [{ id: 'unknown-openness', when: 'unknown_openness_share' }],
  published: [
    { series: 'deepseek', stat: 'proportion', text: '14.37 T', value: 14.37e12 },
    { series: 'qwen', stat: 'proportion', text: '5.59 T', value: 5.59e12 },
    { series: 'meta-llama', stat: 'proportion', text: '3.96 T', value: 3.96e12 },
    { series: 'mistralai', stat: 'proportion', text: '2.92 T', value: 2.92e12 },
    { series: 'openai', stat: 'proportion', text: '1.65 T', value: 1.65e12 },
    { series: 'minimax', stat: 'proportion', text: '1.26 T', value: 1.26e12 },
    { series: 'z-ai', stat: 'proportion', text: '1.18 T', value: 1.18e12 },
    { series: 'tngtech', stat: 'proportion', text: '1.13 T', value: 1.13e12 },
    { series: 'moonshotai', stat: 'proportion', text: '0.92 T', value: 0.92e12 },
    { series: 'google', stat: 'proportion', text: '0.82 T', value: 0.82e12 },
  ],
});
