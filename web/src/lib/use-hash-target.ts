import { useEffect } from 'react';
import { goTo } from './go-to.ts';

/** Brings the exhibit that the address names into sight once the page knows its exhibits. */
export function useHashTarget(ready: boolean): void {
  useEffect(() => {
    const id = decodeHash(location.hash);
    // An exhibit that is typed by hand is often typed small.
    if (ready && id !== '') goTo(document.getElementById(id) ? id : id.toUpperCase());
  }, [ready]);
}

function decodeHash(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}
