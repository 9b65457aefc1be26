import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F1',
  slug: 'open-vs-closed',
  section: 'open-vs-closed',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area', annotateReleases: true },
  needs: [],
  seriesKind: 'message',
  statement: 'first-last',
  focus: 'open-chinese',
  published: [
    { series: 'closed', stat: 'mean', text: '\u2248 70 %' },
    { series: 'open-chinese', stat: 'mean', text: '13.0 %' },
    { series: 'open-row', stat: 'mean', text: '13.7 %' },
    { series: 'open-chinese', stat: 'min', text: '1.2 %' },
    { series: 'open-chinese', stat: 'max', text: '\u2248 30 %' },
    { series: 'open', stat: 'end', text: '\u2248 33 %' },
  ],
});
