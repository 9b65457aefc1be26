import { type RefObject, useEffect, useState } from 'react';
import { useMedium } from './print.ts';

/** True once the element has come near the window, or goes to paper; it never becomes false again. */
export function useNear(ref: RefObject<Element | null>, margin = '700px'): boolean {
  const [near, setNear] = useState(false);
  const isPrinted = useMedium() !== 'screen';
  useEffect(() => {
    const element = ref.current;
    if (!element || near) return;
    if (isPrinted) return setNear(true);
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((each) => each.isIntersecting)) setNear(true);
      },
      { rootMargin: `${margin} 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, near, isPrinted, margin]);
  return near || isPrinted;
}

/** The element's width in whole pixels, 0 until it is known. */
export function useWidth(ref: RefObject<Element | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
