import { mkdirSync } from 'node:fs';
import { actAs, expectNoSidewaysScroll, people as test } from '../fixtures';
import { everyPage } from '../pages';

/** Pictures of every page of a system as it stands, at three sizes, by day and by night: `LEADCRM_STATE` says what it holds. */
const into = `${process.env.LEADCRM_PICTURES ?? '../../TestResults/pages'}/${process.env.LEADCRM_STATE ?? 'now'}`;

const sizes = (process.env.LEADCRM_SIZES ?? '320,390,1440').split(',').map(Number);

for (const [width, height] of ([[320, 700], [390, 844], [1440, 900]] as const).filter(([width]) => sizes.includes(width))) {
  test(`every page at ${width}×${height}, by day and by night`, async ({ page, admin }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await actAs(page, admin);
    for (const [name, path] of await everyPage(admin)) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      await page.waitForFunction(() => document.fonts.status === 'loaded' && document.querySelector('.mantine-Skeleton-root') === null);
      await expectNoSidewaysScroll(page, `${path} at ${width} px`);
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme });
        // Colours follow a moment later, each frame a few of them.
        await page.waitForFunction((wanted) => document.documentElement.dataset.mantineColorScheme === wanted && document.getAnimations().every((one) => one.playState !== 'running'), theme);
        await page.evaluate(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(go)))));
        mkdirSync(`${into}/${width}-${theme}`, { recursive: true });
        await page.screenshot({ path: `${into}/${width}-${theme}/${name}.png` });
      }
    }
  });
}
