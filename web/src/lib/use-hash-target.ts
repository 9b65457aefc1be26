import { useEffect } from 'react';
import { goTo } from './go-to.ts';

/** Brings the exhibit that the address names into sight once the page knows its exhibits. */
export function useHashTarget(ready: boolean): void {
  useEffect(() => {
    const id = decodeHash(location.hash);
    if (ready && id !== '') goTo(id);
  }, [ready]);
}

function decodeHash(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}
