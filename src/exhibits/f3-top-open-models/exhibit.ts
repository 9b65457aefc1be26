import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F3',
  slug: 'top-open-models',
  section: 'open-vs-closed',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: [],
  seriesKind: 'model',
  statement: 'leader',

  published: [
    { series: 'DeepSeek V3 + R1', stat: 'start', text: '> 50 %' },
    { series: 'largest', stat: 'end', text: '\u2264 25 %' },
  ],
});
