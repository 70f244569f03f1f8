import { type RefObject, useLayoutEffect, useState } from 'react';

export interface Place {
  width: number;
  /** Of its upper edge, from the top of the document. */
  top: number;
}

/** Where an element is and how wide, kept up to date. */
export function usePlace(ref: RefObject<HTMLElement | null>): Place {
  const [place, setPlace] = useState<Place>({ width: window.innerWidth, top: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const measure = () => {
      const box = element.getBoundingClientRect();
      const now = { width: box.width || window.innerWidth, top: Math.round(box.top + window.scrollY) };
      setPlace((before) => (before.width === now.width && before.top === now.top ? before : now));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body); // what stands above it may grow
    return () => observer.disconnect();
  }, [ref]);
  return place;
}
