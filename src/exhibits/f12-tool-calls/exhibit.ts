import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F12',
  slug: 'tool-calls',
  section: 'agentic',
  unit: 'share',
  kind: 'series',
  chart: { type: 'lines' },
  needs: ['finishReason'],
  seriesKind: 'message',
  statement: 'first-last',
  focus: 'tool-calls',
  published: [],
});
