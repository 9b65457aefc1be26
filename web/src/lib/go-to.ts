/** Moving to a part of the report by an address or the contents. */

/** Longer than the cards above take to find their height. */
const SETTLED_MS = 15_000;
/** Pixels that a place may be off by rounding. */
const ABOUT = 2;

let end = (): void => {};

/**
 * Brings an element to the top of the window, and keeps it there while what stands above still finds its height,
 * until the reader moves. Not smoothly: every exhibit that is passed would be drawn.
 */
export function goTo(id: string): void {
  end();
  const place = () => ({
    top: document.getElementById(id)?.getBoundingClientRect().top ?? 0,
    y: window.scrollY,
  });
  let put = place();
  const look = () => {
    document.getElementById(id)?.scrollIntoView({ behavior: 'instant', block: 'start' });
    put = place();
  };
  // A card that grows moves the element or the scroll position; only the reader moves both.
  const onScroll = () => {
    const now = place();
    if (Math.abs(now.top - put.top) > ABOUT && Math.abs(now.y - put.y) > ABOUT) end();
  };
  const moved = new AbortController();
  const observer = new ResizeObserver(look);
  const timer = setTimeout(() => end(), SETTLED_MS);
  end = () => {
    moved.abort();
    observer.disconnect();
    clearTimeout(timer);
  };
  const options = { signal: moved.signal, passive: true };
  for (const sign of ['wheel', 'touchstart', 'keydown', 'pointerdown'])
    window.addEventListener(sign, () => end(), options);
  look();
  window.addEventListener('scroll', onScroll, options);
  observer.observe(document.body);
}
