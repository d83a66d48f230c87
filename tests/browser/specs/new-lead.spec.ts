import { expect, test, unique } from '../fixtures';

test('UI2: a lead is taken in by keyboard; what is missing is said at its field', async ({ page, mona }) => {
  const mark = unique();
  await page.goto('/leads');
  await expect(page.getByRole('heading', { name: /^All/ })).toBeVisible();
  await page.getByRole('link', { name: 'New lead' }).click();
  await expect(page.getByLabel('Last name')).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Enter a last name.')).toBeVisible();
  await expect(page.getByLabel('Last name')).toBeFocused();

  await page.keyboard.type(`Lovelace ${mark}`);
  await page.keyboard.press('Tab');
  await page.keyboard.type('Analytical Engines');
  await page.keyboard.press('Tab');
  await page.keyboard.type('no address');
  await page.keyboard.press('Tab');
  await expect(page.getByText('This is no e-mail address.')).toBeVisible();
  await page.getByLabel('E-mail').fill(`ada@${mark}.example`);
  await page.getByLabel('Phone').fill('12');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('is no phone number')).toBeVisible();   // said by the service
  await expect(page.getByLabel('Phone')).toBeFocused();
  await page.getByLabel('Phone').fill('+44 20 7946 0000');
  await page.keyboard.press('Control+Enter');

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Lovelace ${mark}`);
  expect((await mona.get(`/api/leads?lastName=Lovelace+${mark}`)).items[0].phone).toBe('+442079460000');
});

test('What was typed is there again after the page was closed', async ({ page }) => {
  await page.goto('/leads/new');
  await page.getByLabel('Last name').fill('Half done');
  await page.goto('/leads');
  await page.goto('/leads/new');
  await expect(page.getByLabel('Last name')).toHaveValue('Half done');
  await page.getByRole('button', { name: 'Start empty' }).click();
  await expect(page.getByLabel('Last name')).toHaveValue('');
});

test('What looks like the lead is shown while it is typed', async ({ page, mona }) => {
  const lead = await mona.lead();
  await page.goto('/leads/new');
  await page.getByLabel('E-mail').fill(lead.email);
  await expect(page.getByRole('region', { name: 'Perhaps already here' }).getByRole('link', { name: `${lead.firstName} ${lead.lastName}` })).toHaveAttribute('href', `/leads/${lead.id}`);
});
