import { useEffect } from 'react';

/** Brings the exhibit that the address names into sight once the page knows its exhibits. */
export function useHashTarget(ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    const id = decodeHash(location.hash);
    if (id === '') return;
    // Cards above may still find their height; the second look corrects for that.
    const look = () => document.getElementById(id)?.scrollIntoView({ behavior: 'instant', block: 'start' });
    look();
    const timer = setTimeout(look, 700);
    const stop = () => clearTimeout(timer);
    window.addEventListener('wheel', stop, { once: true, passive: true });
    window.addEventListener('touchstart', stop, { once: true, passive: true });
    window.addEventListener('keydown', stop, { once: true });
    return () => {
      stop();
      window.removeEventListener('wheel', stop);
      window.removeEventListener('touchstart', stop);
      window.removeEventListener('keydown', stop);
    };
  }, [ready]);
}

function decodeHash(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}
