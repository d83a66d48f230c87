import { test as bare } from '@playwright/test';
import { actAs, expect, expectAccessible, expectNoSidewaysScroll, test, unique, type Person } from '../fixtures';

/** By night only the colours differ: what does not depend on them is looked at once. */
const themes = [['light', undefined], ['dark', 'color-contrast']] as const;
const long = 'Wolfeschlegelsteinhausenbergerdorff';

/** The pages of Setup, of imports and of one's own account, each with something on it. */
async function setUp(admin: Person, name: string) {
  const queue = await admin.send('POST', '/api/leads/queues', { name: `Q ${name}`.slice(0, 80), members: [admin.id] });
  const form = await admin.send('POST', '/api/capture/forms', { name, description: name, fields: [{ name: 'lastName', required: true }, { name: 'email', label: name.slice(0, 200) }], consent: { purpose: 'newsletter', text: name }, frameAncestors: ['https://www.example.com'], pageOnly: true });
  await admin.http.post(`/forms/${form.key}`, { data: { lastName: name.slice(0, 90), email: `${unique()}@site.example` } });
  const submission = (await admin.get(`/api/capture/submissions?formId=${form.id}`)).items[0];
  const field = await admin.send('POST', '/api/leads/custom-fields', { label: `F ${unique()} ${name}`.slice(0, 80), type: 'pickList', help: name, options: [{ value: name.slice(0, 200) }, { value: 'Other', isActive: false }] });
  await admin.send('DELETE', `/api/leads/custom-fields/${field.id}`, undefined, { 'If-Match': `"${field.version}"` });   // stays in the list of deleted ones
  const account = await admin.send('POST', '/api/accounts/custom-fields', { label: `F ${unique()} ${name}`.slice(0, 80), type: 'multiSelect', options: [{ value: name.slice(0, 200) }, { value: 'Other' }] });
  const statuses = await admin.get('/api/leads/statuses');
  const roles = (await admin.get('/api/roles')).items;
  const teams = (await admin.get('/api/teams')).items;
  const process = (await admin.get('/api/leads/processes'))[0];
  const files = await admin.send('POST', `/api/leads/imports?fileName=${encodeURIComponent(name.slice(0, 100))}.csv`, `Surname,Firm,Mail,${name.slice(0, 60)}\n${name.slice(0, 60)},${name.slice(0, 60)},no address,${name}`, { 'content-type': 'text/csv' });
  const ready = await admin.send('POST', '/api/leads/imports?fileName=ready.csv', `Surname,Firm,${name.slice(0, 60)}\nA,B,${name}`, { 'content-type': 'text/csv' });
  await admin.send('POST', `/api/leads/imports/${files.id}/start`, { mapping: { Surname: 'lastName', Firm: 'company', Mail: 'email' } });
  await expect.poll(async () => (await admin.get(`/api/leads/imports/${files.id}`)).state).toBe('completed');
  return [
    '/setup', '/setup/users', '/setup/users/new', `/setup/users/${admin.id}`, '/setup/teams', `/setup/teams/${teams[0].id}`, '/setup/roles', `/setup/roles/${roles[0].id}`, '/setup/clients', '/setup/clients/new', '/setup/organisation', '/setup/sharing',
    '/setup/custom-fields/leads', '/setup/custom-fields/accounts/new', `/setup/custom-fields/accounts/${account.id}`, '/setup/mapping', '/setup/statuses', `/setup/statuses/${statuses[0].id}`, '/setup/processes', `/setup/processes/${process.id}`,
    '/setup/pick-lists', '/setup/pick-lists/source/new', '/setup/pipelines', '/setup/stale-and-overdue', '/leads/bulk-changes', '/setup/queues', `/setup/queues/${queue.id}`, '/setup/auto-conversion', '/setup/auto-conversion/new', '/setup/forms', '/setup/forms/new', `/setup/forms/${form.id}`, '/setup/submissions?status=all', `/setup/submissions/${submission.id}`, '/setup/messages',
    '/leads/imports', '/leads/imports/new', `/leads/imports/${ready.id}`, `/leads/imports/${files.id}`, '/me',
  ];
}

for (const [theme, only] of themes) {
  test(`UI1: axe finds nothing serious in Setup, in imports and on one’s own account, ${theme}`, async ({ page, admin }) => {
    test.setTimeout(420_000);
    await page.emulateMedia({ colorScheme: theme });
    await actAs(page, admin);
    const pages = await setUp(admin, `Access ${unique()}`);
    for (const path of only ? pages.filter((_, i) => i % 3 === 0) : pages) {
      await page.goto(path);
      await expect(page.getByRole('main').getByRole('heading', { level: 1 }).first()).toBeVisible();
      await page.waitForLoadState('networkidle');
      await expectAccessible(page, `${path} in ${theme}`, only);
    }
  });

  // Two halves, so that two browsers can look at once.
  for (const half of [0, 1]) test(`UI1: axe finds nothing serious on any page, ${theme}, ${half + 1} of 2`, async ({ page, mona }) => {
    test.setTimeout(240_000);
    await page.emulateMedia({ colorScheme: theme });
    const mark = unique();
    const lead = await mona.lead({ company: `Twin ${mark}`, score: 82, grade: 'B' });
    await mona.lead({ company: `Twin ${mark}`, score: 12 });
    const account = await mona.send('POST', '/api/accounts', { name: `Twin ${mark}` });
    const contact = await mona.send('POST', '/api/contacts', { lastName: `Twin ${mark}`, accountId: account.id });
    const deal = await mona.send('POST', '/api/opportunities', { name: `Twin ${mark}`, accountId: account.id, amount: 100, closeDate: '2030-06-30' });
    const campaign = await mona.send('POST', '/api/campaigns', { name: `Twin ${mark}` });
    await mona.send('POST', `/api/campaigns/${campaign.id}/members`, { leadId: lead.id });
    const bulk = await mona.send('POST', '/api/leads/bulk-conversions', { leadIds: [lead.id], dryRun: true });

    const pages = [['/', 'heading'], ['/charts', 'heading'], ['/leads', 'grid'], [`/leads?company=Twin+${mark}&score%5Bgte%5D=60&colour=blue`, 'grid'], [`/leads/${lead.id}`, 'tablist'], ['/leads/new', 'form'], [`/leads/${lead.id}/convert`, 'form'], ['/accounts', 'grid'], [`/accounts/${account.id}`, 'tablist'], ['/contacts', 'grid'], [`/contacts/${contact.id}`, 'tablist'], ['/opportunities', 'grid'], ['/opportunities/board', 'region'], ['/leads/board', 'region'], [`/opportunities/${deal.id}`, 'tablist'], ['/opportunities/new', 'form'], ['/campaigns', 'grid'], [`/campaigns/${campaign.id}`, 'tablist'], ['/campaigns/new', 'form'], ['/leads/bulk-conversions', 'heading'], [`/leads/bulk-conversions/${bulk.id}`, 'heading'], ['/tasks', 'heading'], ['/nothing/here', 'main']] as const;
    for (const [path, ready] of pages.filter((_, i) => i % 2 === half)) {
      await page.goto(path);
      await expect(page.getByRole(ready).first()).toBeVisible();
      await page.waitForLoadState('networkidle');
      await expect(page.locator('[data-stale]')).toHaveCount(0);   // what is dimmed while it is asked for anew
      await expectAccessible(page, `${path} in ${theme}`, only);
    }
    if (half === 1) return;
    await page.goto('/leads');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Status' }).click();
    await expect(page.getByRole('menu')).toHaveCount(0);   // it fades
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
    const campaign = await mona.send('POST', '/api/campaigns', { name: `${long}${long}`, type: long });
    await mona.send('POST', `/api/campaigns/${campaign.id}/members`, { leadId: lead.id });
    for (const path of ['/', '/charts', '/leads', `/leads/${lead.id}`, '/leads/new', `/leads/${lead.id}/convert`, '/accounts', `/accounts/${account.id}`, '/contacts', '/opportunities', '/opportunities/board', '/leads/board', `/opportunities/${deal.id}`, '/campaigns', `/campaigns/${campaign.id}`, '/leads/bulk-conversions', '/tasks']) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      await expectNoSidewaysScroll(page, `${path} at ${width} px`);
    }
  });
}

for (const [width, height] of [[320, 700], [390, 844]] as const) {
  test(`UI1: nothing in Setup, in imports and on one’s own account has to be scrolled sideways at ${width} px, also with very long names`, async ({ page, admin }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width, height });
    await actAs(page, admin);
    for (const path of await setUp(admin, `${unique()}${long}${long} ${long}`)) {
      await page.goto(path);
      await expect(page.getByRole('main').getByRole('heading', { level: 1 }).first()).toBeVisible();
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
