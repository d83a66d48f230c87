import { readFileSync } from 'node:fs';
import { test as bare, type Page } from '@playwright/test';
import { actAs, expect, expectAccessible, expectNoSidewaysScroll, test, unique } from '../fixtures';
import { everyPage } from '../pages';
import { oneOfEach } from '../records';

/** By night only the colours differ: what does not depend on them is looked at once. */
const themes = [['light', undefined], ['dark', 'color-contrast']] as const;
const long = 'Wolfeschlegelsteinhausenbergerdorff';

/** A page when all that it asks for is there. */
async function open(page: Page, path: string) {
  await page.goto(path);
  await expect(page.getByRole('main')).toBeVisible();
  await page.waitForLoadState('networkidle');
  await expect(page.locator('[data-stale], .mantine-Skeleton-root')).toHaveCount(0);   // what is dimmed while it is asked for anew
}

for (const [theme, only] of themes) {
  // Parts, so that two browsers can look at once.
  for (const part of [0, 1, 2, 3]) test(`UI1: axe finds nothing serious on any page, ${theme}, ${part + 1} of 4`, async ({ page, admin }) => {
    test.setTimeout(300_000);
    await page.emulateMedia({ colorScheme: theme });
    await actAs(page, admin);
    const pages = await everyPage(admin, await oneOfEach(admin, `Twin ${unique()}`));
    for (const [, path] of pages.filter((_, i) => i % 4 === part)) {
      await open(page, path);
      await expectAccessible(page, `${path} in ${theme}`, only);
    }
  });

  test(`UI1: axe finds nothing serious in what opens over a page, ${theme}`, async ({ page, mona }) => {
    test.setTimeout(240_000);
    page.setDefaultTimeout(20_000);
    await page.emulateMedia({ colorScheme: theme });
    const mark = unique();
    await mona.lead({ company: `Twin ${mark}`, score: 82, grade: 'B' });
    await mona.lead({ company: `Twin ${mark}`, score: 12 });
    const look = async (what: string) => {
      await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
      await expectAccessible(page, `${what} in ${theme}`, only);
    };

    /** The first Escape may close only what hangs from a field. */
    const close = () => expect(async () => { await page.keyboard.press('Escape'); await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 500 }); }).toPass({ timeout: 10_000 });

    await open(page, `/leads?company=Twin+${mark}&score%5Bgte%5D=1&colour=blue`);
    await look('filters, one of which does not exist');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    await look('keys');
    await close();
    await page.getByRole('grid').focus();
    await page.keyboard.press('x');
    await expect(page.getByRole('toolbar', { name: '1 selected' })).toBeVisible();
    await look('a selection');
    await page.getByRole('button', { name: 'Owner', exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await look('a new owner');
    await close();

    await open(page, '/leads');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Status' }).click();
    await expect(page.getByRole('menu')).toHaveCount(0);   // it fades
    await look('a filter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog')).toBeVisible();
    await look('search');
  });

  bare(`UI1: axe finds nothing serious on the sign-in, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto('/');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('Enter your e-mail address.')).toBeVisible();
    await expectAccessible(page, `sign-in in ${theme}`, only);
  });
}

for (const [width, height] of [[320, 700], [390, 844], [1920, 1080]] as const) {
  for (const half of [0, 1]) test(`UI1: nothing has to be scrolled sideways on any page at ${width} px, also with very long names, ${half + 1} of 2`, async ({ page, admin }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width, height });
    await actAs(page, admin);
    const pages = await everyPage(admin, await oneOfEach(admin, `${unique()}${long}${long} ${long}`, long));
    for (const [, path] of pages.filter((_, i) => i % 2 === half)) {
      await open(page, path);
      await expectNoSidewaysScroll(page, `${path} at ${width} px`);
    }
  });
}

test('UI1: every address of the client is among the pages that are looked at', async ({ admin }) => {
  const seen = (await everyPage(admin, await oneOfEach(admin, `Twin ${unique()}`))).map(([, path]) => path.split('?')[0]!);
  const routes = readFileSync('../../clients/web/src/app/routes.tsx', 'utf8');
  const under = routes.indexOf('/** Every address');
  const addresses = [...routes.matchAll(/path: '([^'*/][^'*]*)'/g)].map((found) => (found.index < under ? '/setup/' : '/') + found[1]);
  expect(addresses.length).toBeGreaterThan(70);
  const unseen = addresses.filter((address) => !seen.some((path) => new RegExp(`^${address.replace(/:\w+/g, '[^/]+')}$`).test(path)));
  expect(unseen).toEqual(['/setup/pick-lists/:list']);
});

test('UI1: single letters act in lists only while they are switched on', async ({ page }) => {
  await page.goto('/leads');
  await expect(page.getByRole('grid')).toBeFocused();
  await page.keyboard.press('?');
  await page.getByRole('switch', { name: 'Single letters act in lists and records' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('grid').focus();
  await page.keyboard.press('c');
  await page.keyboard.press('x');
  await expect(page.getByRole('grid')).toBeVisible();
  await expect(page.getByRole('toolbar')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/leads\/[0-9a-f-]{36}/);
});
