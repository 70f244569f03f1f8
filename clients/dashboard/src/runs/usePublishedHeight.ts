import { useCallback } from 'react';

const NAME = '--run-bar-height';

/** Tells the style sheets how high the bar is, so that what sticks to the bottom of a view stands above it. */
export function usePublishedHeight(): (element: HTMLElement) => () => void {
  return useCallback((element) => {
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty(NAME, `${element.offsetHeight}px`));
    observer.observe(element);
    return () => {
      observer.disconnect();
      style.removeProperty(NAME);
    };
  }, []);
}
