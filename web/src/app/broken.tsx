import { useSearch } from '@tanstack/react-router';
import { browserLang, text } from '../lib/text.ts';
import { parseView } from '../lib/view.ts';

/**
 * Stands where a part of the page could not be drawn: most often its program was not there to be loaded, as the server was
 * away or is another version by now.
 */
export function Broken() {
  const lang = parseView(useSearch({ strict: false })).lang ?? browserLang();
  return (
    <div role="alert" className="mx-auto my-6 max-w-2xl rounded-lg border border-rule bg-well p-5">
      <p className="font-serif text-lg font-semibold">{text(lang, 'failure.broken')}</p>
      <p className="mt-1 text-sm text-muted">{text(lang, 'failure.brokenNext')}</p>
      <button type="button" className="control mt-4" onClick={() => location.reload()}>
        {text(lang, 'failure.reload')}
      </button>
    </div>
  );
}
