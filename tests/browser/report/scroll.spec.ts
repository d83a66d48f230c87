import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { CDPSession, Page } from '@playwright/test';
import { actAs, expect, people as test } from '../fixtures';

/**
 * A long list, scrolled from its beginning to the end: first while its rows come in, then back and forth over those that are there. The wheel is turned once in a frame, as
 * a browser passes it on, by `step` pixels: 33 rows, which is two turned without a pause by hand. Figures go to `LEADCRM_REPORT`; `LEADCRM_PROFILE` is a file for a profile of the script.
 */
const step = 1_200;
const wanted = Number(process.env.LEADCRM_ROWS ?? 100_000);
const deadline = Number(process.env.LEADCRM_SCROLL_SECONDS ?? 100) * 1_000;

interface Run { rows: number; seconds: number; frames: number; late: number; worstFrame: number; long: number[]; used: Record<string, number> }

/** Frames that came more than 50 ms after the one before are late: that is what the eye sees as a jerk. */
const watch = () => {
  const seen = { long: [] as number[], frames: [] as number[] };
  (window as unknown as { scrolled: typeof seen }).scrolled = seen;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.long.push(entry.duration); }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now: number) => { seen.frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
};

const lastRow = (page: Page) => page.evaluate(() => Math.max(0, ...[...document.querySelectorAll('[role=row]')].map((row) => Number(row.getAttribute('aria-rowindex') ?? 0) - 1)));
const firstRow = (page: Page) => page.evaluate(() => Math.min(...[...document.querySelectorAll('[role=row][id]')].map((row) => Number(row.getAttribute('aria-rowindex') ?? 0) - 1)));
const used = async (session: CDPSession) => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));

/** Turns the wheel in each frame until `isThere`, or time is up. */
async function scroll(page: Page, session: CDPSession, by: number, isThere: () => Promise<boolean>): Promise<Run> {
  await page.evaluate(() => { const { scrolled } = window as unknown as { scrolled: { long: number[]; frames: number[] } }; scrolled.long.length = 0; scrolled.frames.length = 0; });
  const [before, began] = [await used(session), Date.now()];
  while (Date.now() - began < deadline && !await isThere()) for (let i = 0; i < 20; i++) await page.mouse.wheel(0, by);
  const seconds = (Date.now() - began) / 1_000;
  const after = await used(session);
  const { long, frames } = await page.evaluate(() => (window as unknown as { scrolled: { long: number[]; frames: number[] } }).scrolled);
  return {
    rows: by > 0 ? await lastRow(page) : 0, seconds, frames: frames.length, late: frames.filter((one) => one > 50).length, worstFrame: Math.max(0, ...frames), long,
    used: Object.fromEntries(['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration', 'TaskDuration'].map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)])),
  };
}

test('a long list is scrolled', async ({ page, admin }) => {
  test.setTimeout(4 * deadline + 60_000);
  await actAs(page, admin);
  await page.addInitScript(watch);
  await page.goto('/leads?sort=lastName');
  await expect(page.getByRole('grid')).toBeFocused();
  await page.waitForLoadState('networkidle');
  const box = (await page.getByRole('grid').boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 300);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  let requests = 0;
  page.on('request', (one) => { if (one.url().includes('/api/leads?')) requests++; });
  if (process.env.LEADCRM_PROFILE) { await session.send('Profiler.enable'); await session.send('Profiler.setSamplingInterval', { interval: 500 }); await session.send('Profiler.start'); }

  const runs: [string, Run][] = [];
  runs.push(['down, rows coming in', await scroll(page, session, step, async () => await lastRow(page) >= wanted)]);
  const asked = requests;
  runs.push(['back up', await scroll(page, session, -step * 4, async () => await firstRow(page) <= 20)]);
  runs.push(['down again', await scroll(page, session, step * 4, async () => await lastRow(page) >= runs[0]![1].rows - 300)]);
  if (process.env.LEADCRM_PROFILE) writeFileSync(process.env.LEADCRM_PROFILE, JSON.stringify((await session.send('Profiler.stop')).profile));

  const line = ([name, run]: [string, Run]) => `| ${name} | ${run.rows.toLocaleString('en-GB')} | ${run.seconds.toFixed(0)} | ${run.frames} | ${run.late} (longest ${Math.round(run.worstFrame)} ms) | ${run.long.length} | ${Math.round(Math.max(0, ...run.long))} | ${Math.round(run.long.reduce((sum, one) => sum + one, 0))} | ${run.used.ScriptDuration!.toFixed(1)} | ${(run.used.LayoutDuration! + run.used.RecalcStyleDuration!).toFixed(1)} | ${run.used.TaskDuration!.toFixed(1)} |`;
  const text = `# A long list, scrolled

Written by \`tests/browser/report/run scroll\` on ${new Date().toISOString().slice(0, 10)}: the list of leads by last name as the administrator, who sees all of them, in Debian's Chromium without a graphics card, 1440×900, on the machine that also runs the system
(${cpus().length} cores). The wheel is turned in every frame: by ${step} px on the way down (${Math.round(step / 36)} rows), by four times as much over rows that are there. ${asked} windows of rows were asked for on the way down, ${requests - asked} afterwards.

| | rows | seconds | frames | later than 50 ms | tasks over 50 ms | longest, ms | together, ms | script, s | style and layout, s | main thread, s |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${runs.map(line).join('\n')}
`;
  if (process.env.LEADCRM_REPORT) writeFileSync(process.env.LEADCRM_REPORT, text);
  console.log(text);
});
