import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { CDPSession, Page } from '@playwright/test';
import { actAs, expect, people as test } from '../fixtures';
import config from '../playwright.config';

/**
 * A long list, scrolled. First to its hundred thousandth row while rows come in; then in the midst of them as people do it: the wheel turned by hand, spun, the scroll bar dragged to places
 * by chance. Figures go to `LEADCRM_REPORT`; `LEADCRM_PROFILE` is a file for a profile of the script, `LEADCRM_TRACE` one for a trace of the browser while the wheel is spun.
 */
const notch = 120;
const whole = 1_200;
const wanted = Number(process.env.LEADCRM_ROWS ?? 100_000);
/** At most so long on the way down, and so long for each of the others, in milliseconds. */
const deadline = Number(process.env.LEADCRM_SCROLL_SECONDS ?? 150) * 1_000;
const spell = Number(process.env.LEADCRM_SPELL_SECONDS ?? 10) * 1_000;

// The scroll bar is dragged, so there has to be one.
test.use({ launchOptions: { ...config.use!.launchOptions, ignoreDefaultArgs: ['--hide-scrollbars'] } });

interface Run { rows: number; seconds: number; frames: number[]; long: number[]; used: Record<string, number> }
interface Seen { long: number[]; frames: number[] }

/** Frames that came more than 50 ms after the one before are late: that is what the eye sees as a jerk. */
const watch = () => {
  const seen: Seen = { long: [], frames: [] };
  (window as unknown as { scrolled: Seen }).scrolled = seen;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.long.push(entry.duration); }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now: number) => { seen.frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
};

const rows = (page: Page) => page.evaluate(() => [...document.querySelectorAll('[role=row][id]')].map((row) => Number(row.getAttribute('aria-rowindex')) - 1));
const lastRow = async (page: Page) => Math.max(0, ...await rows(page));
const used = async (session: CDPSession) => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
const top = (page: Page) => page.getByRole('grid').evaluate((grid) => grid.scrollTop);
const pause = (ms: number) => new Promise((go) => { setTimeout(go, ms); });

async function measured(page: Page, session: CDPSession, doing: (until: number) => Promise<void>, most = spell): Promise<Run> {
  await pause(1_000);
  await page.evaluate(() => { const { scrolled } = window as unknown as { scrolled: Seen }; scrolled.long.length = 0; scrolled.frames.length = 0; });
  const [before, began, from] = [await used(session), Date.now(), await top(page)];
  await doing(began + most);
  const seconds = (Date.now() - began) / 1_000;
  const after = await used(session);
  const { long, frames } = await page.evaluate(() => { const { scrolled } = window as unknown as { scrolled: Seen }; return { long: [...scrolled.long], frames: [...scrolled.frames] }; });
  return {
    rows: Math.round(Math.abs(await top(page) - from) / 36), seconds, frames, long,
    used: Object.fromEntries(['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration', 'TaskDuration'].map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)])),
  };
}

/** A turn of the wheel each so many milliseconds, or as soon as the browser has taken the one before (in each frame). */
const turn = (page: Page, by: number, each = 0) => async (until: number) => {
  for (let at = Date.now(); at < until; at = Math.max(at + each, Date.now())) {
    await page.mouse.wheel(0, by);
    await pause(Math.max(0, at + each - Date.now()));
  }
};

/** Takes the scroll bar's handle, from the top on, to places by chance, the same ones each time, and rests at each for a moment. */
const drag = (page: Page, places: number) => async () => {
  const box = (await page.getByRole('grid').boundingBox())!;
  const to = (part: number) => page.mouse.move(box.x + box.width - 7, box.y + 24 + part * (box.height - 64), { steps: 3 });
  await to(0);
  await page.mouse.down();
  for (let i = 0, part = 0.5; i < places; i++) {
    part = (part * 7.13 + 0.377) % 1;
    await to(part);
    await pause(150);
  }
  await page.mouse.up();
};

test('a long list is scrolled', async ({ page, admin }) => {
  test.setTimeout(deadline + 8 * spell + 120_000);
  await actAs(page, admin);
  await page.addInitScript(watch);
  await page.goto('/leads?sort=lastName');
  await expect(page.getByRole('grid')).toBeFocused();
  await page.waitForLoadState('networkidle');
  const box = (await page.getByRole('grid').boundingBox())!;
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  let requests = 0;
  page.on('request', (one) => { if (one.url().includes('/api/leads?')) requests++; });
  if (process.env.LEADCRM_PROFILE) { await session.send('Profiler.enable'); await session.send('Profiler.setSamplingInterval', { interval: 500 }); await session.send('Profiler.start'); }

  const runs: [string, Run][] = [];
  const over = () => page.mouse.move(box.x + 300, box.y + 300);
  await over();
  runs.push([`down, rows coming in: ${whole} px in each frame`, await measured(page, session, async (until) => { while (Date.now() < until && await lastRow(page) < wanted) await turn(page, whole)(Date.now() + 500); }, deadline)]);
  const [loaded, asked] = [await lastRow(page), requests];
  await page.getByRole('grid').evaluate((grid) => { grid.scrollTop = 0; });
  runs.push(['the scroll bar dragged to 40 places', await measured(page, session, drag(page, 40))]);
  await page.getByRole('grid').evaluate((grid) => { grid.scrollTop = grid.scrollHeight / 2; });
  await over();
  runs.push([`by hand: ${notch} px ten times a second`, await measured(page, session, turn(page, notch, 100))]);
  if (process.env.LEADCRM_TRACE) await page.context().browser()!.startTracing(page, { path: process.env.LEADCRM_TRACE, categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink', 'cc', 'toplevel', 'v8'] });
  runs.push([`spun: ${notch} px in each frame`, await measured(page, session, turn(page, notch))]);
  if (process.env.LEADCRM_TRACE) await page.context().browser()!.stopTracing();
  runs.push([`spun back: ${notch} px in each frame`, await measured(page, session, turn(page, -notch))]);
  await page.getByRole('grid').evaluate((grid) => { grid.scrollLeft = 120; });
  runs.push(['the same, moved to the right', await measured(page, session, turn(page, notch))]);
  await page.getByRole('grid').evaluate((grid) => { grid.scrollLeft = 0; });
  runs.push([`${whole} px in each frame`, await measured(page, session, turn(page, -whole))]);
  if (process.env.LEADCRM_PROFILE) writeFileSync(process.env.LEADCRM_PROFILE, JSON.stringify((await session.send('Profiler.stop')).profile));

  const n = (value: number) => Math.round(value).toLocaleString('en-GB');
  const line = ([name, { rows, seconds, frames, long, used }]: [string, Run]) => `| ${[name, n(rows), seconds.toFixed(0), n(frames.length / seconds), `${frames.filter((one) => one > 50).length} of ${n(frames.length)}`, n(Math.max(0, ...frames)), long.length, n(Math.max(0, ...long)),
    ...[used.ScriptDuration!, used.LayoutDuration! + used.RecalcStyleDuration!, used.TaskDuration!].map((all) => (all * 1_000 / frames.length).toFixed(1))].join(' | ')} |`;
  const text = `# A long list, scrolled

Written by \`tests/browser/report/run scroll\` on ${new Date().toISOString().slice(0, 16).replace('T', ' at ')} UTC: the list of leads by last name as the administrator, who sees all of them, ${n(loaded)} rows of it, in Debian's Chromium
without a graphics card, 1440×900, on the machine that also runs the system (${cpus().length} cores). ${asked} windows of rows were asked for on the way down, ${requests - asked} afterwards. A frame is late when it comes more than 50 ms after the one before.

| | rows | seconds | frames a second | late | longest, ms | tasks over 50 ms | longest, ms | script, ms a frame | style and layout | all of the main thread |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${runs.map(line).join('\n')}
`;
  if (process.env.LEADCRM_REPORT) writeFileSync(process.env.LEADCRM_REPORT, text);
  console.log(text);
});
