import type { Page } from '@playwright/test';

/** Counts what a person clicks from now on, also over pages: keys are no clicks. */
export async function countClicks(page: Page) {
  let clicks = 0;
  await page.exposeFunction('countClick', () => { clicks++; });
  const listen = () => document.addEventListener('click', (event) => { if (event.isTrusted && event.detail > 0) void (window as unknown as { countClick: () => void }).countClick(); }, { capture: true });
  await page.addInitScript(listen);
  await page.evaluate(listen);
  return () => clicks;
}
