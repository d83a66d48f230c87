import { actAs, expect, expectAccessible, Person, test, unique } from '../fixtures';

const idOf = async (mona: Person, email: string) => (await mona.get('/api/users?limit=200')).items.find((user: { email: string }) => user.email === email);

/** A view by requests, for tests that are about using it. */
const view = (person: Person, name: string, company: string, more: Record<string, unknown> = {}) =>
  person.send('POST', '/api/leads/views', { name, filter: { conditions: [{ field: 'company', value: company }] }, ...more });

test('VW2: a view is built with its own logic, order and columns, and shared with a colleague, who sees less through it (VW3)', async ({ page, mona }) => {
  test.slow();
  const mark = unique();
  const rita = await Person.signIn('rita.rep@example.com');
  const { id: ritasId, name: ritasName } = await idOf(mona, 'rita.rep@example.com');
  const leads: Record<string, { id: string; version: number }> = {};
  for (const [lastName, city, score, ownerId] of [['One', 'Bath', 90, mona.id], ['Two', 'York', 70, ritasId], ['Three', 'Hull', 95, mona.id]] as const) leads[lastName] = await mona.lead({ company: `Shared ${mark}`, lastName, city, score, ownerId });
  // Who may not see converted leads sees one less than a manager.
  await mona.send('POST', `/api/leads/${leads.One!.id}/conversions`, { opportunity: { mode: 'none' } }, { 'If-Match': `"${leads.One!.version}"`, Prefer: 'wait=20' });
  await page.goto(`/leads?company=${encodeURIComponent(`Shared ${mark}`)}`);
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All3');

  await page.getByRole('button', { name: 'View: All. Choose another' }).click();
  await page.getByRole('menuitem', { name: 'Save as a new view' }).click();
  const editor = page.getByRole('dialog', { name: 'New view' });
  await editor.getByLabel('Name').fill(`Bath or York ${mark}`);
  for (const [i, city] of [[2, 'Bath'], [3, 'York']] as const) {
    await editor.getByRole('button', { name: 'Add a condition' }).click();
    await editor.getByLabel(`Condition ${i}: field`).first().click();
    await page.getByRole('option', { name: 'City', exact: true }).click();
    await editor.getByLabel(`Condition ${i}: text`).fill(city);
  }
  await editor.getByLabel('How they go together').fill('1 AND 2 OR 3');
  await expectAccessible(page, 'the editor of a view');
  await editor.getByRole('button', { name: 'Save view' }).click();
  await expect(editor.getByText('Put parentheses where AND and OR meet, such as 1 AND (2 OR 3).')).toBeVisible();
  await editor.getByLabel('How they go together').fill('1 AND (2 OR 3)');
  await editor.getByLabel('Order by').first().click();
  await page.getByRole('option', { name: 'Score', exact: true }).click();
  await editor.getByLabel('People').first().fill(ritasName);
  await page.getByRole('option', { name: ritasName }).click();
  await editor.getByRole('button', { name: 'Save view' }).click();

  await expect(page.getByRole('heading', { name: /^Bath or York/ })).toHaveText(`Bath or York ${mark}2`);
  await expect(page.getByRole('button', { name: new RegExp(`Company is Shared ${mark} and \\(City contains “Bath” or City contains “York”\\)`) })).toBeVisible();
  const rows = page.getByRole('grid').getByRole('row');
  await expect(rows.nth(1)).toContainText('Two');
  await expect(rows.nth(2)).toContainText('One');
  expect(page.url()).toMatch(/\/leads\/views\/[0-9a-f-]{36}$/);

  // The colleague opens the address that she was sent.
  await actAs(page, rita);
  await page.goto(page.url());
  await expect(page.getByRole('heading', { name: /^Bath or York/ })).toHaveText(`Bath or York ${mark}1`);
  await expect(rows.nth(1)).toContainText('Two');
  await page.getByRole('button', { name: /Choose another/ }).click();
  await expect(page.getByRole('menuitem', { name: `Bath or York ${mark}` })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Delete the view' })).toHaveCount(0);
  await rita.http.dispose();
});

test('VW2: a view is pinned to the navigation, changed, and deleted', async ({ page, mona }) => {
  const mark = unique();
  await mona.lead({ company: `Pinned ${mark}` });
  const { id } = await view(mona, `Pinned ${mark}`, `Pinned ${mark}`, { columns: ['company', 'city'], sort: 'lastName' });
  await page.goto(`/leads/views/${id}`);
  await expect(page.getByRole('columnheader')).toHaveText(['', 'Name', 'Company', 'City']);
  await page.getByRole('button', { name: `Pin Pinned ${mark}` }).click();
  const link = page.getByRole('navigation').getByRole('link', { name: new RegExp(`Pinned ${mark}`) });
  await expect(link).toContainText('1');

  await page.goto(`/leads/views/${id}?score[gte]=1`);
  await page.getByRole('button', { name: /Choose another/ }).click();
  await page.getByRole('menuitem', { name: 'Save the view' }).click();
  await expect(page.getByRole('button', { name: new RegExp(`Company is Pinned ${mark} and Score ≥ 1`) })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/leads/views/${id}$`));

  await page.getByRole('button', { name: /Choose another/ }).click();
  await page.getByRole('menuitem', { name: 'Delete the view' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the view' }).click();
  await expect(page.getByRole('heading', { name: /^All/ })).toBeVisible();
  await expect(link).toHaveCount(0);
  await page.goto(`/leads/views/${id}`);
  await expect(page.getByText('It was deleted, or it is no longer shared with you.')).toBeVisible();
});

test('VW1: the built-in views are chosen by keyboard alone, and a lead that was opened is among the recently viewed', async ({ page, mona }) => {
  const lead = await mona.lead();
  await page.goto(`/leads/${lead.id}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(lead.lastName);
  await page.goto('/leads');
  const grid = page.getByRole('grid');
  await expect(grid).toBeFocused();

  await page.getByRole('button', { name: 'View: All. Choose another' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'All', exact: true })).toBeVisible();
  await page.keyboard.type('recently');
  await expect(page.getByRole('menuitem', { name: 'Recently viewed' })).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: /^Recently viewed/ })).toBeVisible();
  await expect(grid.getByRole('row').nth(1)).toContainText(lead.lastName);
  await expect(grid).toBeFocused();
  await expectAccessible(page, 'a built-in view');
});

test('UI10: what is done with all of a view is done with what its filter holds', async ({ page, mona }) => {
  test.slow();
  const mark = unique();
  const lines = Array.from({ length: 120 }, (_, i) => JSON.stringify({ op: 'create', record: { lastName: `Row ${i}`, company: `Whole ${mark}`, city: i % 2 ? 'Bath' : 'York' } })).join('\n');
  expect((await mona.http.post('/api/leads/bulk', { data: lines, headers: { 'content-type': 'application/x-ndjson', 'X-CSRF-Token': (await mona.get('/api/session')).antiForgeryToken } })).ok()).toBe(true);
  const { id } = await view(mona, `Whole ${mark}`, `Whole ${mark}`);
  await page.goto(`/leads/views/${id}?city=Bath`);
  await expect(page.getByRole('heading', { name: /^Whole/ })).toHaveText(`Whole ${mark}60`);
  await page.goto(`/leads/views/${id}`);
  await expect(page.getByRole('heading', { name: /^Whole/ })).toHaveText(`Whole ${mark}120`);
  await page.getByRole('checkbox', { name: 'Select all rows that are loaded' }).click();
  await page.getByRole('button', { name: 'Select all 120 in this view' }).click();
  await page.getByRole('toolbar', { name: '120 selected' }).getByRole('button', { name: 'Convert' }).click();
  await page.getByRole('dialog', { name: 'Convert 120 leads' }).getByRole('button', { name: 'Try it first' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Trial: Convert 120 leads');
});
