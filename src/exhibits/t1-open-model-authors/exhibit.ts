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

  published: [
    { series: 'DeepSeek', stat: 'total', text: '14.37 T' },
    { series: 'Qwen', stat: 'total', text: '5.59 T' },
    { series: 'Meta', stat: 'total', text: '3.96 T' },
    { series: 'Mistral', stat: 'total', text: '2.92 T' },
    { series: 'OpenAI', stat: 'total', text: '1.65 T' },
    { series: 'MiniMax', stat: 'total', text: '1.26 T' },
    { series: 'Z-AI', stat: 'total', text: '1.18 T' },
    { series: 'TNGTech', stat: 'total', text: '1.13 T' },
    { series: 'MoonshotAI', stat: 'total', text: '0.92 T' },
    { series: 'Google', stat: 'total', text: '0.82 T' },
  ],
});
