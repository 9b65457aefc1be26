/** Moving to a part of the report by an address or the contents. */

/** Longer than the cards above take to find their height. */
const SETTLED_MS = 15_000;

let end = (): void => {};

/**
 * Brings an element to the top of the window, and keeps it there while what stands above still finds its height,
 * until the reader moves. Not smoothly: every exhibit that is passed would be drawn.
 */
export function goTo(id: string): void {
  end();
  const look = () => document.getElementById(id)?.scrollIntoView({ behavior: 'instant', block: 'start' });
  const moved = new AbortController();
  const observer = new ResizeObserver(look);
  const timer = setTimeout(() => end(), SETTLED_MS);
  end = () => {
    moved.abort();
    observer.disconnect();
    clearTimeout(timer);
  };
  for (const sign of ['wheel', 'touchstart', 'keydown', 'pointerdown'])
    window.addEventListener(sign, () => end(), { signal: moved.signal, passive: true });
  look();
  observer.observe(document.body);
}
