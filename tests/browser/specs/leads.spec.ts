import { expect, test, unique } from '../fixtures';

test('UI2: All, My open and Current are three views, and a lead can be added from each', async ({ page, mona }) => {
  const mark = unique();
  await mona.lead({ company: `Views ${mark}` });
  const lost = await mona.lead({ company: `Views ${mark}` });
  await mona.send('POST', `/api/leads/${lost.id}/status`, { status: 'Not Qualified', reason: 'No budget', followUpInDays: 30 });
  const queue = await mona.lead({ company: `Views ${mark}`, ownerId: (await mona.get('/api/users?limit=200')).items.find((user: { email: string }) => user.email === 'rita.rep@example.com').id });
  expect(queue.ownerName).toBeTruthy();

  for (const [name, path, rows] of [['All', '/leads', 3], ['My open', '/leads/my-open', 1], ['Current', '/leads/current', 2]] as const) {
    await page.goto(`${path}?company=Views+${mark}`);
    await expect(page.getByRole('heading', { name: new RegExp(`^${name}`) })).toHaveText(`${name}${rows}`);
    await expect(page.getByRole('link', { name: 'New lead' })).toBeVisible();
  }
});

test('UI3: filters are chips that are edited in place, live in the address, and back brings the ones before', async ({ page, mona }) => {
  const mark = unique();
  await mona.lead({ company: `Chips ${mark}`, score: 80 });
  await mona.lead({ company: `Chips ${mark}`, score: 20 });
  await page.goto(`/leads?company=Chips+${mark}`);
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All2');

  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Score' }).click();
  await page.getByLabel('Score: number').fill('60');
  await page.getByRole('button', { name: 'Apply' }).click();

  await expect(page.getByRole('button', { name: 'Score ≥ 60', exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All1');
  expect(decodeURIComponent(page.url())).toContain('score[gte]=60');

  await page.getByRole('row').nth(1).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Byron');
  await page.goBack();
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All1');

  await page.goto(`/leads?company=Chips+${mark}&colour=blue`);
  await expect(page.getByText('There is no filter “colour”')).toBeVisible();
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All2');
});

test('VW5: several rows are moved at once by keyboard, with a result for each', async ({ page, mona }) => {
  const mark = unique();
  for (let i = 0; i < 3; i++) await mona.lead({ company: `Keys ${mark}`, lastName: `Key ${i}` });
  const converted = await mona.lead({ company: `Keys ${mark}`, lastName: 'Key 3' });
  await page.goto(`/leads?company=Keys+${mark}&sort=lastName`);
  const grid = page.getByRole('grid');
  await expect(grid.getByRole('row')).toHaveCount(5);
  await expect(grid).toBeFocused();

  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  await expect(page.getByRole('toolbar', { name: '4 selected' })).toBeVisible();
  // Somebody else changes one of them in between: that one is not overwritten.
  await mona.patchLead(converted, { title: 'Changed meanwhile' });
  await page.getByRole('toolbar').getByRole('button', { name: 'Status' }).click();
  await page.getByRole('menuitem', { name: 'Working' }).click();

  const result = page.getByRole('dialog');
  await expect(result).toContainText('3 of 4 were changed');
  await expect(result.getByRole('listitem').first()).toContainText('Key 3');
  expect((await mona.get(`/api/leads?company=Keys+${mark}&status=Working&count=true`)).count).toBe(3);
});

test('UI4: deleting can be undone', async ({ page, mona }) => {
  const lead = await mona.lead();
  await page.goto(`/leads?company=${encodeURIComponent(lead.company)}`);
  await expect(page.getByRole('grid')).toBeFocused();
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('No lead is as the filters say.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: /Ada Byron/ })).toBeVisible();
});

test('UI10: rows load window by window, and the grid says row n of N', async ({ page, mona }) => {
  const mark = unique();
  const lines = Array.from({ length: 450 }, (_, i) => JSON.stringify({ op: 'create', record: { lastName: `Row ${String(i).padStart(3, '0')}`, company: `Windows ${mark}` } })).join('\n');
  await mona.http.post('/api/leads/bulk', { data: lines, headers: { 'content-type': 'application/x-ndjson', 'X-CSRF-Token': (await mona.get('/api/session')).antiForgeryToken } });
  await page.goto(`/leads?company=Windows+${mark}&sort=lastName`);
  const grid = page.getByRole('grid');
  await expect(grid).toHaveAttribute('aria-rowcount', '451');
  expect(await grid.getByRole('row').count()).toBeLessThan(70);
  await expect(grid).toBeFocused();

  await expect(async () => {
    await page.keyboard.press('End');
    await expect(grid.getByRole('row', { name: /Row 449/ })).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(grid.getByRole('row', { name: /Row 449/ })).toHaveAttribute('aria-rowindex', '451');
  expect(await grid.getByRole('row').count()).toBeLessThan(70);
});

test('UI3: Ctrl-K finds a lead by a name with a typing error, and goes there', async ({ page, mona }) => {
  const mark = unique();
  const lead = await mona.lead({ firstName: 'Hypatia', lastName: `Theon${mark}` });
  await page.goto('/leads');
  await expect(page.getByRole('grid')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').fill(`Hypatya Theon${mark}`);
  await expect(page.getByRole('option', { name: new RegExp(`Theon${mark}`) })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(lead.id));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hypatia');
});

test('UI9: the list of leads loads less than 250 kB of script, compressed', async ({ page }) => {
  let bytes = 0;
  page.on('response', (answer) => {
    if (!new URL(answer.url()).pathname.endsWith('.js')) return;
    const size = Number(answer.headers()['content-length']);
    if (size > 500) expect(answer.headers()['content-encoding']).toBe('br');   // what is smaller may not shrink
    bytes += size;
  });
  await page.goto('/leads');
  await expect(page.getByRole('heading', { name: /^All/ })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(250_000);
});
