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

test('UI3: a value with a comma in it is a filter like any other', async ({ page, mona }) => {
  const mark = unique();
  const source = `Fair ${mark}, autumn "26"`;
  await mona.lead({ company: `Comma ${mark}`, source });
  await mona.lead({ company: `Comma ${mark}`, source: `Fair ${mark}` });
  await mona.lead({ company: `Comma ${mark}`, source: 'Web' });
  await page.goto(`/leads?company=Comma+${mark}`);
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Source', exact: true }).click();
  for (const value of [source, 'Web']) {
    await page.getByRole('textbox', { name: 'Source' }).or(page.getByRole('combobox', { name: 'Source' })).fill(value);
    await page.keyboard.press('Enter');
  }
  await page.getByRole('button', { name: 'Apply' }).click();
  const chip = page.getByRole('button', { name: `Source is ${source} or Web`, exact: true });
  await expect(chip).toBeVisible();
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All2');
  await page.reload();   // the address says it all
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All2');
  await chip.click();
  await expect(page.getByRole('dialog').getByText(source, { exact: true })).toBeVisible();
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

test('VW5: cells are edited in the list by keyboard and by mouse, and what somebody else made of one meanwhile is shown beside what one typed', async ({ page, mona }) => {
  const mark = unique();
  const first = await mona.lead({ company: `Cells ${mark}`, title: `T ${mark}`, lastName: 'Cell 0', source: 'Web' });
  const second = await mona.lead({ company: `Cells ${mark}`, title: `T ${mark}`, lastName: 'Cell 1' });
  await page.goto(`/leads?title=T+${mark}&sort=lastName`);
  const grid = page.getByRole('grid');
  await expect(grid.getByRole('row')).toHaveCount(3);
  await expect(grid).toBeFocused();

  // Company, then on with Tab to the phone; Enter saves and leads back to the list.
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Company' }).fill(`Cells ${mark} Limited`);
  await page.keyboard.press('Tab');
  await page.getByRole('textbox', { name: 'Phone' }).fill('+49 30 901820');
  await page.keyboard.press('Enter');
  await expect(grid).toBeFocused();
  await expect(grid.getByRole('row').nth(1)).toContainText(`Cells ${mark} Limited`);
  await expect.poll(async () => { const now = await mona.get(`/api/leads/${first.id}`); return [now.company, now.phone]; }).toEqual([`Cells ${mark} Limited`, '+4930901820']);

  // Somebody else changes the same cell: both values, and one chooses. Another cell of the row would have gone together.
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Company' }).fill('What I typed');
  const theirs = await mona.patchLead(second, { company: `Theirs ${mark}`, city: 'York' });
  await page.keyboard.press('Enter');
  const conflict = page.getByRole('alertdialog', { name: 'Company was changed meanwhile' });
  await expect(conflict).toContainText(`Theirs ${mark}`);
  await expect(conflict).toContainText('What I typed');
  expect((await mona.get(`/api/leads/${second.id}`)).version).toBe(theirs.version);
  await conflict.getByRole('button', { name: 'Save mine' }).click();
  await expect(grid.getByRole('row').filter({ hasText: 'Cell 1' })).toContainText('What I typed');
  expect((await mona.get(`/api/leads/${second.id}`)).company).toBe('What I typed');

  // By mouse: the pencil at the edge of the cell; a list offers its values, and nothing opened the record.
  const source = grid.getByRole('row').filter({ hasText: 'Cell 0' }).getByRole('gridcell').filter({ hasText: 'Web' });
  await source.hover();
  const box = (await source.boundingBox())!;
  await page.mouse.click(box.x + box.width - 8, box.y + box.height / 2);
  await page.getByRole('textbox', { name: 'Source' }).or(page.getByRole('combobox', { name: 'Source' })).first().click();
  await page.getByRole('option', { name: 'Partner', exact: true }).click();
  await expect.poll(async () => (await mona.get(`/api/leads/${first.id}`)).source).toBe('Partner');
  await expect(page).toHaveURL(/\/leads\?title=/);
});

test('UI4: columns are made wider by mouse and by keyboard, and stay so', async ({ page, mona }) => {
  const lead = await mona.lead();
  await page.goto(`/leads?company=${encodeURIComponent(lead.company)}`);
  const head = page.getByRole('columnheader', { name: 'Company' });
  const before = (await head.boundingBox())!;
  await page.mouse.move(before.x + before.width - 3, before.y + 10);
  await page.mouse.down();
  await page.mouse.move(before.x + before.width + 97, before.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Math.round((await head.boundingBox())!.width)).toBe(Math.round(before.width + 100));
  await head.getByRole('button').focus();
  await page.keyboard.press('Shift+ArrowLeft');
  const wide = Math.round(before.width + 100 - 16);
  await expect.poll(async () => Math.round((await head.boundingBox())!.width)).toBe(wide);
  await page.reload();
  await expect.poll(async () => Math.round((await head.boundingBox())!.width)).toBe(wide);
  await page.getByRole('button', { name: 'Columns and density' }).click();
  await page.getByRole('menuitem', { name: 'As they were' }).click();
  await expect.poll(async () => Math.round((await head.boundingBox())!.width)).toBe(Math.round(before.width));
});

test('UI4: columns and the height of rows are chosen by keyboard, say whether they are chosen, and stay so', async ({ page, mona }) => {
  const lead = await mona.lead();
  await page.goto(`/leads?company=${encodeURIComponent(lead.company)}`);
  const row = page.getByRole('row', { name: new RegExp(lead.lastName) });
  await expect(page.getByRole('columnheader', { name: 'Phone' })).toBeVisible();
  expect((await row.boundingBox())!.height).toBe(36);
  await page.getByRole('button', { name: 'Columns and density' }).focus();
  await page.keyboard.press('Enter');
  const [phone, city, compact] = [page.getByRole('menuitemcheckbox', { name: 'Phone' }), page.getByRole('menuitemcheckbox', { name: 'City' }), page.getByRole('menuitemradio', { name: 'Compact' })];
  await expect(phone).toBeChecked();
  await expect(city).not.toBeChecked();
  await expect(compact).not.toBeChecked();
  await phone.focus();
  await page.keyboard.press('Space');
  await city.focus();
  await page.keyboard.press('Space');
  await compact.focus();
  await page.keyboard.press('Space');
  await expect(phone).not.toBeChecked();
  await expect(city).toBeChecked();
  await expect(compact).toBeChecked();
  await page.keyboard.press('Escape');
  for (let time = 0; time < 2; time++) {
    await expect(page.getByRole('columnheader', { name: 'City' })).toBeVisible();
    await expect(page.getByRole('columnheader', { name: 'Phone' })).toHaveCount(0);
    expect((await row.boundingBox())!.height).toBe(28);
    await page.reload();
    await expect(row).toBeVisible();
  }
});

test('UI3: what is not there says so, and leads on', async ({ page, mona }) => {
  const nobody = '00000000-0000-4000-8000-000000000000';
  for (const [path, onward, to] of [[`/leads/${nobody}`, 'Show the leads', '/leads'], [`/accounts/${nobody}`, 'Show the accounts', '/accounts'], [`/contacts/${nobody}`, 'Show the contacts', '/contacts'], [`/opportunities/${nobody}`, 'Show the opportunities', '/opportunities'],
    [`/campaigns/${nobody}`, 'Show the campaigns', '/campaigns'], [`/leads/imports/${nobody}`, 'Show the imports', '/leads/imports'], [`/leads/views/${nobody}`, 'Show all leads', '/leads']] as const) {
    await page.goto(path);
    await expect(page.getByRole('alert'), path).toContainText('is not here.');
    await page.getByRole('alert').getByRole('link', { name: onward }).click();
    await expect(page).toHaveURL((url) => url.pathname === to);
  }

  // Deleted while it stood in a list that one came from: back to that list.
  const lead = await mona.lead();
  await page.goto(`/leads?company=${encodeURIComponent(lead.company)}`);
  await expect(page.getByRole('row', { name: new RegExp(lead.lastName) })).toBeVisible();
  await page.route(`**/api/leads/${lead.id}`, (route) => route.fulfill({ status: 404, json: { title: 'Not found' } }));
  await page.getByRole('row', { name: new RegExp(lead.lastName) }).click();
  await page.getByRole('alert').getByRole('link', { name: 'Show the leads' }).click();
  await expect(page).toHaveURL(new RegExp(`company=${encodeURIComponent(lead.company).replaceAll('%20', '(%20|\\+)')}`));
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

test('UI4: who types slowly into the search of a list goes on typing, Enter leads to the rows, and other rows are shown from the first on', async ({ page, mona }) => {
  const mark = unique();
  const lines = Array.from({ length: 40 }, (_, i) => JSON.stringify({ op: 'create', record: { lastName: `Row ${i}`, company: `Slowly ${mark}` } })).join('\n');
  await mona.http.post('/api/leads/bulk', { data: lines, headers: { 'content-type': 'application/x-ndjson', 'X-CSRF-Token': (await mona.get('/api/session')).antiForgeryToken } });
  await page.goto('/leads');
  await expect(page.getByRole('grid')).toBeFocused();
  const field = page.getByRole('textbox', { name: 'Search in this list' });
  await field.click();
  // Rows there are, none, and some again.
  for (const words of ['Slo', 'Slowly ', `Slowly ${mark}`, 'qqwwxxzzkkvv', `Slowly ${mark}`]) {
    await page.keyboard.press('Control+a');
    await page.keyboard.type(words);
    await expect(page).toHaveURL((url) => url.searchParams.get('q') === words.trim());
    await expect(words.startsWith('qq') ? page.getByText('No lead is as the filters say.') : page.getByRole('grid')).toBeVisible();
    await expect(field).toBeFocused();
  }
  await expect(field).toHaveValue(`Slowly ${mark}`);
  await expect(page.getByRole('row').filter({ hasText: mark }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Row');
  await page.goBack();
  await expect(field).toHaveValue(`Slowly ${mark}`);

  await page.getByRole('grid').evaluate((grid) => { grid.scrollTop = 600; });
  await expect.poll(() => page.getByRole('grid').evaluate((grid) => grid.scrollTop)).toBeGreaterThan(0);
  const sort = page.getByRole('columnheader', { name: 'Company' }).getByRole('button');
  await sort.press('Enter');
  await expect.poll(() => page.getByRole('grid').evaluate((grid) => grid.scrollTop)).toBe(0);
  await expect(sort).toBeFocused();

  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expect(field).toBeFocused();
  await expect(page).toHaveURL((url) => !url.searchParams.has('q'));
});
