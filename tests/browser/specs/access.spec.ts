import { test as bare } from '@playwright/test';
import { expect, expectAccessible, expectNoSidewaysScroll, test, unique } from '../fixtures';

/** By night only the colours differ: what does not depend on them is looked at once. */
const themes = [['light', undefined], ['dark', 'color-contrast']] as const;
const long = 'Wolfeschlegelsteinhausenbergerdorff';

for (const [theme, only] of themes) {
  test(`UI1: axe finds nothing serious on any page, ${theme}`, async ({ page, mona }) => {
    test.setTimeout(240_000);
    await page.emulateMedia({ colorScheme: theme });
    const mark = unique();
    const lead = await mona.lead({ company: `Twin ${mark}`, score: 82, grade: 'B' });
    await mona.lead({ company: `Twin ${mark}`, score: 12 });
    const account = await mona.send('POST', '/api/accounts', { name: `Twin ${mark}` });
    const contact = await mona.send('POST', '/api/contacts', { lastName: `Twin ${mark}`, accountId: account.id });
    const deal = await mona.send('POST', '/api/opportunities', { name: `Twin ${mark}`, accountId: account.id, amount: 100, closeDate: '2030-06-30' });

    for (const [path, ready] of [['/leads', 'grid'], [`/leads?company=Twin+${mark}&score%5Bgte%5D=60&colour=blue`, 'grid'], [`/leads/${lead.id}`, 'tablist'], ['/leads/new', 'form'], [`/leads/${lead.id}/convert`, 'form'], ['/accounts', 'grid'], [`/accounts/${account.id}`, 'tablist'], ['/contacts', 'grid'], [`/contacts/${contact.id}`, 'tablist'], ['/opportunities', 'grid'], [`/opportunities/${deal.id}`, 'tablist'], ['/opportunities/new', 'form'], ['/tasks', 'heading'], ['/nothing/here', 'main']] as const) {
      await page.goto(path);
      await expect(page.getByRole(ready).first()).toBeVisible();
      await page.waitForLoadState('networkidle');
      await expectAccessible(page, `${path} in ${theme}`, only);
    }
    await page.goto('/leads');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Status' }).click();
    await expectAccessible(page, `a filter in ${theme}`, only);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, `search in ${theme}`, only);
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
  test(`UI1: nothing has to be scrolled sideways at ${width} px, also with very long names`, async ({ page, mona }) => {
    test.slow();
    await page.setViewportSize({ width, height });
    const lead = await mona.lead({ firstName: long, lastName: `${long}${long}`, company: `${long} ${long} ${long}`, title: long.repeat(3), email: `${'a'.repeat(60)}@${'b'.repeat(60)}.example`, nextStep: long.repeat(6) });
    const account = await mona.send('POST', '/api/accounts', { name: `${long}${long} ${long}` });
    const deal = await mona.send('POST', '/api/opportunities', { name: `${long}${long}`, accountId: account.id, amount: 123456789, closeDate: '2030-06-30' });
    for (const path of ['/leads', `/leads/${lead.id}`, '/leads/new', `/leads/${lead.id}/convert`, '/accounts', `/accounts/${account.id}`, '/contacts', '/opportunities', `/opportunities/${deal.id}`, '/tasks']) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      await expectNoSidewaysScroll(page, `${path} at ${width} px`);
    }
  });
}

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
