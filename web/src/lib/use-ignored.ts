/** What the address asked for when the page was opened and nobody understands, until something else is chosen. */
import { useState } from 'react';
import { ignoredIn, parseSearch, stringifySearch, type View } from './view.ts';

/** Read before the router, which tidies the address up. */
const IGNORED: readonly string[] = ignoredIn(parseSearch(window.location.search));

export function useIgnored(view: View): readonly string[] {
  const now = stringifySearch(view);
  const [first] = useState(now);
  return now === first ? IGNORED : [];
}
