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
    { series: 'reasoning', stat: 'start', text: '≈ 0 %', at: '2025-01', value: 0, approx: true },
    { series: 'reasoning', stat: 'end', text: '> 50 %', at: '2025-11', atLeast: 0.5 },
  ],
});
