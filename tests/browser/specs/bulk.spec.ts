import { expect, test, unique, type Person } from '../fixtures';

/** Many leads of one company at once. */
async function many(mona: Person, count: number, company: string, more: Record<string, unknown> = {}) {
  const lines = Array.from({ length: count }, (_, i) => JSON.stringify({ op: 'create', record: { lastName: `Row ${String(i).padStart(3, '0')}`, company, ...more } })).join('\n');
  const answer = await mona.http.post('/api/leads/bulk', { data: lines, headers: { 'content-type': 'application/x-ndjson', 'X-CSRF-Token': (await mona.get('/api/session')).antiForgeryToken } });
  expect(answer.ok()).toBe(true);
}

test('VW5: 200 leads get a new owner at once; the one that is refused is named with the reason', async ({ page, mona }) => {
  test.slow();
  const company = `Handed ${unique()}`;
  await many(mona, 200, company);
  const rita = (await mona.get('/api/users?limit=200')).items.find((user: { email: string }) => user.email === 'rita.rep@example.com');
  await page.goto(`/leads?company=${encodeURIComponent(company)}&sort=lastName`);
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All200');
  await expect(page.getByRole('grid')).toBeFocused();
  await expect(async () => {   // so far down that the second window of rows is there, too
    await page.keyboard.press('End');
    await expect(page.getByRole('row', { name: /Row 199/ })).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByRole('checkbox', { name: 'Select all rows that are loaded' }).click();
  await page.getByRole('toolbar', { name: '200 selected' }).getByRole('button', { name: 'Owner' }).click();
  const dialog = page.getByRole('dialog', { name: 'New owner of 200 leads' });
  await dialog.getByRole('combobox', { name: 'New owner' }).or(dialog.getByRole('textbox', { name: 'New owner' })).fill(rita.name);
  await page.getByRole('option', { name: rita.name }).click();
  // One of them goes to the recycle bin just before the change is asked for: its turn finds it there.
  const { items } = await mona.get(`/api/leads?company=${encodeURIComponent(company)}&sort=lastName&limit=200`);
  await page.route('**/bulk-changes', async (route) => {
    await mona.send('DELETE', `/api/leads/${items[150].id}`, undefined, { 'If-Match': `"${items[150].version}"` });
    await route.continue();
  });
  await dialog.getByRole('button', { name: 'Change owner' }).click();

  const result = page.getByRole('dialog', { name: `Handed to ${rita.name}` });
  await expect(result).toContainText('199 of 200 were changed. The other one is as it was:', { timeout: 60_000 });
  const refused = result.getByRole('list', { name: 'Outcomes' }).getByRole('listitem');
  await expect(refused).toHaveCount(1);
  await expect(refused).toContainText('Row 150');
  await expect(refused).toContainText('recycle bin');
  await result.getByRole('button', { name: 'Show also the 199 that were changed' }).click();
  await expect(refused).toHaveCount(200);
  expect((await mona.get(`/api/leads?company=${encodeURIComponent(company)}&ownerId=${rita.id}&count=exact&limit=1`)).count).toBe(199);
});

test('UI10: all of a view are moved by the server while the page is elsewhere, and its page names the one that was refused', async ({ page, mona, admin }) => {
  test.slow();
  const company = `Whole ${unique()}`;
  await many(mona, 600, company);
  // One of them follows a process in which nothing leads from New to Nurturing.
  const stubborn = await mona.lead({ company, firstName: 'Stubborn', lastName: company });
  const statuses = await admin.get('/api/leads/statuses');
  const id = (name: string) => statuses.find((one: { name: string }) => one.name === name).id;
  const process = await admin.send('POST', '/api/leads/processes', { name: `Straight ${company}`, steps: [{ statusId: id('New'), next: [id('Working')] }] });
  await mona.send('POST', `/api/leads/${stubborn.id}/process`, { processId: process.id }, { 'If-Match': `"${stubborn.version}"` });

  await page.goto(`/leads?company=${encodeURIComponent(company)}`);
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All601');
  await page.getByRole('checkbox', { name: 'Select all rows that are loaded' }).click();
  await page.getByRole('button', { name: 'Select all 601 in this view' }).click();
  const begun = page.waitForResponse((answer) => answer.url().endsWith('/api/leads/bulk-changes') && answer.request().method() === 'POST');
  await page.getByRole('toolbar', { name: '601 selected' }).getByRole('button', { name: 'Status' }).click();
  await page.getByRole('menuitem', { name: 'Nurturing' }).click();
  const job = await (await begun).json();
  expect(job.total).toBe(601);
  await page.goto('/tasks');

  await expect.poll(async () => (await mona.get(`/api/leads/bulk-changes/${job.id}`)).state, { timeout: 60_000 }).toBe('completed');
  await page.goto('/leads/bulk-changes');
  await page.locator(`a[href="/leads/bulk-changes/${job.id}"]`).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Moved to Nurturing: 601 leads');
  await expect(page.getByRole('status').filter({ hasText: 'Finished' })).toContainText('600 changed');
  const refused = page.getByRole('list', { name: 'Outcomes' }).getByRole('listitem');
  await expect(refused).toHaveCount(1);
  await expect(refused).toContainText(`Stubborn ${company}`);
  expect((await mona.get(`/api/leads?company=${encodeURIComponent(company)}&status=Nurturing&count=exact&limit=1`)).count).toBe(600);
});

test('C37: leads are tried, then converted in bulk, with live figures and an outcome for each', async ({ page, mona }) => {
  test.slow();
  const company = `Bulk ${unique()}`;
  await many(mona, 4, company);
  const gone = await mona.lead({ company, lastName: 'Sent to a queue' });
  const queue = (await mona.get('/api/leads/queues'))[0];
  if (queue) await mona.send('POST', `/api/leads/${gone.id}/owner`, { queueId: queue.id });
  await page.goto(`/leads?company=${encodeURIComponent(company)}&sort=lastName`);
  await page.getByRole('checkbox', { name: 'Select all rows that are loaded' }).click();
  await page.getByRole('toolbar', { name: '5 selected' }).getByRole('button', { name: 'Convert' }).click();
  await page.getByRole('dialog', { name: 'Convert 5 leads' }).getByRole('radio', { name: 'None', exact: true }).check();
  await page.getByRole('button', { name: 'Try it first' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Trial: Convert 5 leads');
  await expect(page.getByText('This was a trial: nothing was changed.')).toBeVisible({ timeout: 60_000 });
  const able = queue ? 4 : 5;
  if (queue) {
    await page.getByRole('button', { name: 'Not converted 1' }).click();
    await expect(page.getByRole('region', { name: 'Outcomes' }).getByRole('listitem')).toContainText('Sent to a queue');
  }
  await page.getByRole('button', { name: `Convert these ${able}` }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Convert ${able} leads`);
  await expect(page.getByRole('status').filter({ hasText: 'Finished' })).toContainText(`${able} converted`, { timeout: 60_000 });
  const outcomes = page.getByRole('region', { name: 'Outcomes' }).getByRole('listitem');
  await expect(outcomes).toHaveCount(able);
  await outcomes.first().getByRole('link', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(company);

  await page.goto('/leads/bulk-conversions');
  await expect(page.getByRole('link', { name: `${able} leads`, exact: true }).first()).toBeVisible();
});

test('C37: a bulk conversion is paused, goes on, and is stopped; what was converted stays', async ({ page, mona }) => {
  test.slow();
  const mark = unique();
  const lines = Array.from({ length: 1_500 }, (_, i) => JSON.stringify({ op: 'create', record: { lastName: `Stop ${i}`, company: `Stop ${mark} ${i}`, description: mark } })).join('\n');
  await mona.http.post('/api/leads/bulk', { data: lines, headers: { 'content-type': 'application/x-ndjson', 'X-CSRF-Token': (await mona.get('/api/session')).antiForgeryToken } });
  const job = await mona.send('POST', '/api/leads/bulk-conversions', { filter: `company[contains]=Stop ${mark}`, onDuplicate: { action: 'createAnyway' } });
  await page.goto(`/leads/bulk-conversions/${job.id}`);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible({ timeout: 60_000 });
  const paused = await mona.get(`/api/leads/bulk-conversions/${job.id}`);
  expect(paused.converted).toBeLessThan(1_500);
  await page.reload();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(async () => (await mona.get(`/api/leads/bulk-conversions/${job.id}`)).converted, { timeout: 60_000 }).toBeGreaterThan(paused.converted);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Stopped' })).toContainText('not reached', { timeout: 60_000 });
  const stopped = await mona.get(`/api/leads/bulk-conversions/${job.id}`);
  expect(stopped.state).toBe('cancelled');
  expect(stopped.converted).toBeGreaterThanOrEqual(paused.converted);
});
