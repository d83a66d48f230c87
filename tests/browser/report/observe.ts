import type { Page } from '@playwright/test';

/** Runs in the page from its beginning on: what the browser says of its speed, in milliseconds (layout shift without a unit). */
export const observe = () => {
  const seen = { lcp: 0, shift: 0, inp: 0, long: [] as number[] };
  (window as unknown as { seen: typeof seen }).seen = seen;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.lcp = Math.max(seen.lcp, entry.startTime); }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => { for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) if (!entry.hadRecentInput) seen.shift += entry.value; }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => { for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) if (entry.interactionId) seen.inp = Math.max(seen.inp, entry.duration); }).observe({ type: 'event', buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.long.push(entry.duration); }).observe({ type: 'longtask', buffered: true });
};

export const seen = (page: Page) => page.evaluate(() => (window as unknown as { seen: { lcp: number; shift: number; inp: number; long: number[] } }).seen);

/** Two frames later, when what was done is painted. */
export const settled = (page: Page) => page.evaluate(() => new Promise<void>((go) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(go, 50)))));

