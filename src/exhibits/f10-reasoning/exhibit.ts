import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F10',
  slug: 'reasoning',
  section: 'agentic',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: [],
  seriesKind: 'message',
  statement: 'first-last',
  focus: 'reasoning',
  published: [
    { series: 'reasoning', stat: 'start', text: '\u2248 0 %' },
    { series: 'reasoning', stat: 'end', text: '> 50 %' },
  ],
});
