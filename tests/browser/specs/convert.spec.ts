import { expect, test, unique } from '../fixtures';

test('UI6: a lead is converted from preview to result, and the conversion is undone', async ({ page, mona }) => {
  const lead = await mona.lead({ source: 'Partner', budget: 5000, budgetCurrency: 'EUR' });
  await page.goto(`/leads/${lead.id}`);
  await page.getByRole('link', { name: 'Convert' }).click();

  const preview = page.getByRole('region', { name: 'What will happen' });
  await expect(preview.getByRole('region', { name: 'Account' })).toContainText('is made');
  await expect(preview.getByRole('table', { name: 'Fields of the contact' }).getByRole('row', { name: 'E-mail' })).toContainText(lead.email);
  await expect(preview.getByRole('region', { name: 'Stays behind' })).toContainText('5000');
  await page.getByRole('group', { name: 'Opportunity' }).getByLabel('Name').fill('Difference engine');
  await expect(preview.getByRole('region', { name: 'Opportunity' })).toContainText('Difference engine');
  await page.getByLabel('Follow-up task').fill('Send the contract');
  await expect(preview).toContainText('task: Send the contract');
  await page.keyboard.press('Control+Enter');

  await expect(page.getByRole('heading', { name: 'The lead is converted' })).toBeVisible();
  await expect(page.getByText('Difference engine')).toBeVisible();
  await page.getByRole('button', { name: 'Go to the lead' }).click();

  await page.getByRole('button', { name: /^Undo until/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo the conversion' }).click();
  await expect(page.getByText('The conversion is undone.')).toBeVisible();
  const now = await mona.get(`/api/leads/${lead.id}`);
  expect([now.isConverted, now.status]).toEqual([false, 'New']);
});

test('UI6: a record that may be the same wants a decision, and can be used', async ({ page, mona }) => {
  const mark = unique();
  const account = await mona.send('POST', '/api/accounts', { name: `Twin ${mark}`, website: `https://twin-${mark}.example` });
  const lead = await mona.lead({ company: `Twin ${mark}`, email: `ada@twin-${mark}.example`, website: `https://twin-${mark}.example` });
  await page.goto(`/leads/${lead.id}/convert`);

  await expect(page.getByText(/that may be the same/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Convert lead' })).toBeDisabled();
  await page.getByRole('group', { name: 'Account' }).getByRole('radio', { name: new RegExp(`Twin ${mark}.*\\d+`) }).last().check();
  await expect(page.getByRole('region', { name: 'What will happen' }).getByRole('region', { name: 'Account' })).toContainText('is there');
  await page.getByRole('group', { name: 'Opportunity' }).getByRole('radio', { name: 'None' }).check();
  await page.getByRole('button', { name: 'Convert lead' }).click();

  await expect(page.getByRole('heading', { name: 'The lead is converted' })).toBeVisible();
  expect((await mona.get(`/api/leads/${lead.id}`)).convertedAccountId).toBe(account.id);
});

test('UI6: what stands in the way is said before anything is changed', async ({ page, mona }) => {
  const lead = await mona.lead();
  await page.goto(`/leads/${lead.id}/convert`);
  await page.getByRole('group', { name: 'Opportunity' }).getByLabel('Name').fill('x'.repeat(400));
  await expect(page.getByRole('group', { name: 'Opportunity' })).toContainText('Up to 255 characters fit, these are 400.');
  await expect(page.getByRole('button', { name: 'Convert lead' })).toBeDisabled();
  expect((await mona.get(`/api/leads/${lead.id}`)).version).toBe(lead.version);
});
