import { expect, test, unique } from '../fixtures';

test('UI6: what a conversion made is one click away, and each says what it came from', async ({ page, mona }) => {
  const lead = await mona.lead();
  const conversion = await mona.send('POST', `/api/leads/${lead.id}/conversions`, {}, { Prefer: 'wait=30' });
  expect(conversion.state).toBe('completed');
  await page.goto(`/leads/${lead.id}`);

  await page.getByRole('link', { name: lead.company }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(lead.company);
  await expect(page.getByRole('region', { name: 'Leads that became it' }).getByRole('link', { name: `${lead.firstName} ${lead.lastName}` })).toBeVisible();
  await page.getByRole('tab', { name: 'Contacts' }).click();
  await page.getByRole('tabpanel').getByRole('link', { name: `${lead.firstName} ${lead.lastName}` }).first().click();
  await expect(page).toHaveURL(/\/contacts\//);
  await page.goBack();
  await page.getByRole('tab', { name: 'Opportunities' }).click();
  await page.getByRole('tabpanel').getByRole('link', { name: lead.company }).click();
  await expect(page).toHaveURL(/\/opportunities\//);
  await expect(page.getByRole('list', { name: 'Stage' })).toBeVisible();
});

test('An account, a contact and an opportunity are made, found and edited', async ({ page, mona }) => {
  const mark = unique();
  await page.goto('/accounts');
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Account' }).click();
  await page.getByLabel('Name').fill(`Engines ${mark}`);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Engines ${mark}`);
  await page.getByRole('button', { name: /^Show \d+ empty$/ }).click();
  await page.getByRole('region', { name: 'Billing address' }).getByRole('button', { name: 'Edit City' }).click();
  await page.getByRole('textbox', { name: 'City' }).fill('Bath');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved')).toBeVisible();
  const account = await mona.get(page.url().replace(/^.*\/accounts\//, '/api/accounts/'));
  expect(account.billingAddress.city).toBe('Bath');

  await page.goto(`/contacts/new?account=${account.id}`);
  await page.getByLabel('Last name').fill(`Byron ${mark}`);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Byron ${mark}`);
  await expect(page.getByRole('link', { name: `Engines ${mark}` })).toBeVisible();

  await page.goto('/opportunities/new');
  await page.getByLabel('Name').fill(`Difference engine ${mark}`);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Choose the account that would buy.')).toBeVisible();
  await expect(async () => {
    await page.getByRole('combobox', { name: 'Account' }).or(page.getByRole('textbox', { name: 'Account' })).fill(`Engines ${mark}`);
    await page.getByRole('option', { name: `Engines ${mark}` }).click({ timeout: 3_000 });
  }).toPass();
  await page.getByLabel('Amount').fill('5000');
  await page.getByLabel('Close date').fill('2030-06-30');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Difference engine ${mark}`);

  await page.goto(`/opportunities?name=Difference+engine+${mark}`);
  await expect(page.getByRole('row', { name: new RegExp(`Difference engine ${mark}`) })).toContainText('5,000');
});

test('A deal moves along its stages with a way back, and losing it asks why', async ({ page, mona }) => {
  const mark = unique();
  const account = await mona.send('POST', '/api/accounts', { name: `Stages ${mark}` });
  const deal = await mona.send('POST', '/api/opportunities', { name: `Stages ${mark}`, accountId: account.id, amount: 100, closeDate: '2030-06-30' });
  const pipeline = (await mona.get('/api/opportunities/stages')).find((one: { id: string }) => one.id === deal.pipelineId);
  const [from, to] = pipeline.stages.filter((stage: { category: string; exitCriteria: string[] }) => stage.category === 'open');
  const lost = pipeline.stages.find((stage: { category: string }) => stage.category === 'lost');
  await page.goto(`/opportunities/${deal.id}`);
  const path = page.getByRole('list', { name: 'Stage' });
  await expect(path.getByRole('button', { name: from.name })).toHaveAttribute('aria-current', 'step');
  await path.getByRole('button', { name: to.name }).click();
  await expect(page.getByText(`Moved to ${to.name}.`)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(path.getByRole('button', { name: from.name })).toHaveAttribute('aria-current', 'step');

  await path.getByRole('button', { name: lost.name }).click();
  await page.getByLabel('Why was it lost?').fill('Too dear');
  await page.getByRole('dialog').getByRole('button', { name: `Move to ${lost.name}` }).click();
  await expect(page.getByText('Too dear')).toBeVisible();
  await expect.poll(async () => (await mona.get(`/api/opportunities/${deal.id}`)).closeReason).toBe('Too dear');
});

test('OP5: contacts of the account take part in a deal, one of them as the primary one', async ({ page, mona }) => {
  const mark = unique();
  const account = await mona.send('POST', '/api/accounts', { name: `Roles ${mark}` });
  for (const firstName of ['Hedy', 'Maria']) await mona.send('POST', '/api/contacts', { firstName, lastName: mark, accountId: account.id });
  const deal = await mona.send('POST', '/api/opportunities', { name: `Roles ${mark}`, accountId: account.id, closeDate: '2030-06-30' });
  await page.goto(`/opportunities/${deal.id}`);
  const people = page.getByRole('region', { name: 'People' });
  for (const firstName of ['Hedy', 'Maria']) {
    await people.getByRole('button', { name: 'Add a contact' }).click();
    await page.getByRole('option', { name: `${firstName} ${mark}` }).click();
    await expect(people.getByRole('link', { name: `${firstName} ${mark}` })).toBeVisible();
  }
  await expect(people.getByRole('listitem').filter({ hasText: 'Hedy' })).toContainText('primary');
  await people.getByRole('button', { name: `Role of Maria ${mark}` }).click();
  await page.getByRole('menuitem', { name: 'Decision maker' }).click();
  await expect(people.getByRole('listitem').filter({ hasText: 'Maria' })).toContainText('Decision maker');
  await people.getByRole('button', { name: `Role of Maria ${mark}` }).click();
  await page.getByRole('menuitem', { name: 'Make primary' }).click();
  await expect(people.getByRole('listitem').filter({ hasText: 'Maria' })).toContainText('Decision maker · primary');
  await people.getByRole('button', { name: `Role of Hedy ${mark}` }).click();
  await page.getByRole('menuitem', { name: 'Take off the deal' }).click();
  await expect(people.getByRole('listitem')).toHaveCount(1);
  expect((await mona.get(`/api/opportunities/${deal.id}`)).contactRoles).toMatchObject([{ role: 'decisionMaker', isPrimary: true }]);
});
