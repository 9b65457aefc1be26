/**
 * What the page is shown on: a screen, or paper. A browser that is about to print does not wait for the network, so
 * the page's own way first loads every exhibit and then prints; by the browser's menu, what is there goes to paper.
 */
import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

/** `loading`: still on the screen, on its way to paper. */
export type Medium = 'screen' | 'loading' | 'paper';

/** Pixels of a column on A4 and Letter; charts are drawn for it. */
export const PAPER_WIDTH = 680;
/** Of a course in time, so that two exhibits fit on a page. */
export const PAPER_HEIGHT = 240;

const LOOK_MS = 100;

let medium: Medium = 'screen';
const listeners = new Set<() => void>();

/** Everything is drawn anew before this returns: the browser may be about to take its picture. */
function change(next: Medium): void {
  if (next === medium) return;
  flushSync(() => {
    medium = next;
    for (const listener of listeners) listener();
  });
}

window.addEventListener('beforeprint', () => change('paper'));
window.addEventListener('afterprint', () => change('screen'));

/** Loads all, prints, and comes back. @param isLoaded asked again and again, from the next moment on */
export async function printPage(isLoaded: () => boolean): Promise<void> {
  if (medium !== 'screen') return;
  change('loading');
  do await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  while (mediumNow() === 'loading' && !isLoaded());
  if (mediumNow() !== 'loading') return;
  change('paper');
  window.print();
  if (mediumNow() !== 'paper') return;
  // Some browsers print later than this, and some never say that they have.
  const still = new AbortController();
  const back = () => {
    still.abort();
    change('screen');
  };
  for (const sign of ['afterprint', 'pointerdown', 'keydown'])
    window.addEventListener(sign, back, { signal: still.signal });
}

export const stopPrinting = (): void => change('screen');

export const mediumNow = (): Medium => medium;

export function onMedium(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useMedium = (): Medium => useSyncExternalStore(onMedium, mediumNow);
