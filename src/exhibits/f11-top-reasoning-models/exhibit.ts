import { defineExhibit } from '../define.ts';

export default defineExhibit(import.meta.url, {
  id: 'F11',
  slug: 'top-reasoning-models',
  section: 'agentic',
  unit: 'share',
  kind: 'series',
  chart: { type: 'stacked-area' },
  needs: [],
  seriesKind: 'model',
  statement: 'leader',

  published: [
    { series: 'Grok Code Fast 1', stat: 'end', text: 'first' },
    { series: 'Gemini 2.5 Pro', stat: 'end', text: 'second' },
    { series: 'Gemini 2.5 Flash', stat: 'end', text: 'third' },
  ],
});
