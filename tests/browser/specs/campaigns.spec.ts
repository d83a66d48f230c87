import { expect, test, unique } from '../fixtures';

test('CM8: a campaign is made, leads of a list are added to it, and their answers are noted', async ({ page, mona }) => {
  const mark = unique();
  const leads = [await mona.lead({ company: `Fair ${mark}` }), await mona.lead({ company: `Fair ${mark}` })];
  await page.goto('/campaigns');
  await page.getByRole('link', { name: 'New campaign' }).first().click();
  await page.getByLabel('Name').fill(`Spring fair ${mark}`);
  await page.getByLabel('Type').fill('Trade show');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Spring fair ${mark}`);
  await expect(page.getByText('Nobody is in this campaign yet.')).toBeVisible();
  const address = page.url();

  await page.goto(`/leads?company=Fair+${mark}`);
  await page.getByRole('checkbox', { name: 'Select all rows that are loaded' }).click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Campaign' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add 2 leads to a campaign' });
  await expect(async () => {
    await dialog.getByRole('combobox', { name: 'Campaign' }).or(dialog.getByRole('textbox', { name: 'Campaign' })).fill(`Spring fair ${mark}`);
    await page.getByRole('option', { name: `Spring fair ${mark}` }).click({ timeout: 3_000 });
  }).toPass();
  await dialog.getByRole('button', { name: 'Add to campaign' }).click();
  await expect(page.getByText(`2 added to Spring fair ${mark}.`)).toBeVisible();

  await page.goto(address);
  const name = `${leads[0].firstName} ${leads[0].lastName}`;
  await page.getByRole('button', { name: `Status of ${name}: Sent` }).click();
  await page.getByRole('menuitem', { name: 'Responded' }).click();
  await expect(page.getByRole('button', { name: `Status of ${name}: Responded` })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Members by status' })).toContainText('1 Responded');

  await page.getByRole('checkbox', { name: `Select ${leads[1].firstName} ${leads[1].lastName}` }).click();
  await page.getByRole('toolbar', { name: '1 selected' }).getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('is no member any more.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(page.getByRole('checkbox', { name: `Select ${leads[1].firstName} ${leads[1].lastName}` })).toBeVisible();

  await page.goto(`/leads/${leads[0].id}`);
  await page.getByRole('tab', { name: 'Campaigns' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('Trade show · Responded · responded');
  await page.getByRole('link', { name: `Spring fair ${mark}` }).click();
  await expect(page).toHaveURL(address);
});

test('CM1: a contact is put into a campaign from the campaign, and once only', async ({ page, mona }) => {
  const mark = unique();
  const contact = await mona.send('POST', '/api/contacts', { firstName: 'Hedy', lastName: `Kiesler${mark}` });
  const campaign = await mona.send('POST', '/api/campaigns', { name: `Webinar ${mark}` });
  await page.goto(`/campaigns/${campaign.id}`);
  await page.getByRole('button', { name: 'Add members' }).click();
  await page.getByLabel('Find a lead or contact').fill(`Hedy Kiesler${mark}`);
  await page.getByRole('button', { name: `Add Hedy Kiesler${mark}` }).click();
  await expect(page.getByText(`1 added to Webinar ${mark}.`)).toBeVisible();
  await page.getByRole('button', { name: `Add Hedy Kiesler${mark}` }).click();
  await expect(page.getByText(`0 added to Webinar ${mark}; 1 was in it already.`)).toBeVisible();
  await page.goto(`/contacts/${contact.id}`);
  await page.getByRole('tab', { name: 'Campaigns' }).click();
  await expect(page.getByRole('link', { name: `Webinar ${mark}` })).toBeVisible();
});

test('CM1: several people are chosen over two searches and added together, and all members are selected at once', async ({ page, mona }) => {
  const mark = unique();
  const contact = await mona.send('POST', '/api/contacts', { firstName: 'Hedy', lastName: `Lamarr${mark}` });
  const lead = await mona.lead({ firstName: 'Grace', lastName: `Hopper${mark}` });
  const left = await mona.lead({ firstName: 'Grace', lastName: `Kelly${mark}` });
  const campaign = await mona.send('POST', '/api/campaigns', { name: `Panel ${mark}` });
  await page.goto(`/campaigns/${campaign.id}`);
  await page.getByRole('button', { name: 'Add members' }).click();
  for (const one of [contact, lead, left]) {
    await page.getByLabel('Find a lead or contact').fill(`${one.firstName} ${one.lastName}`);
    await page.getByRole('checkbox', { name: `Choose ${one.firstName} ${one.lastName}` }).check();
  }
  const chosen = page.getByRole('group', { name: 'Chosen' });
  await expect(chosen.getByRole('button', { name: 'Add 3 people' })).toBeVisible();
  await chosen.getByRole('button', { name: `Leave out Grace Kelly${mark}` }).click();
  await chosen.getByRole('button', { name: 'Add 2 people' }).click();
  await expect(page.getByText(`2 added to Panel ${mark}.`)).toBeVisible();
  await expect(chosen).toHaveCount(0);

  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('toolbar', { name: '2 selected' }).getByRole('button', { name: 'Status' }).click();
  await page.getByRole('menuitem', { name: 'Responded' }).click();
  await expect(page.getByText('2 are Responded now.')).toBeVisible();
  const { items } = await mona.get(`/api/campaigns/${campaign.id}/members`);
  expect(items.map((one: { name: string; status: string }) => [one.name, one.status]).sort()).toEqual([[`Grace Hopper${mark}`, 'Responded'], [`Hedy Lamarr${mark}`, 'Responded']]);
});
