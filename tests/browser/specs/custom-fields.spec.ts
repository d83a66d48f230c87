import { actAs, expect, test, unique } from '../fixtures';

test('LD4: a custom field is defined, filled on a lead, shown as a column, found by filter, deleted and brought back', async ({ page, admin, mona }) => {
  test.slow();
  const mark = unique();
  await actAs(page, admin);
  await page.goto('/setup/custom-fields/leads/new');
  await page.getByRole('button', { name: 'Save field' }).click();
  await expect(page.getByText('Enter what people read.')).toBeVisible();
  await page.getByLabel('Label').fill(`Region ${mark}`);
  await page.getByRole('textbox', { name: 'Type' }).or(page.getByRole('combobox', { name: 'Type' })).fill('Pick');
  await page.getByRole('option', { name: 'Pick-list' }).click();
  await page.getByLabel('Value of option 1').fill('North');
  await page.keyboard.press('Enter');
  await page.getByLabel('Value of option 2').fill('a;b');
  await page.getByRole('button', { name: 'Save field' }).click();
  await expect(page.getByText('A semicolon separates options in files; leave it out.')).toBeVisible();
  await page.getByLabel('Value of option 2').fill('South');
  await page.getByLabel('Label of option 2').fill('The South');
  await page.getByRole('button', { name: 'Save field' }).click();
  await expect(page.getByRole('link', { name: `Region ${mark}` })).toBeVisible();

  const key = `region${mark.replace(/^./, (c) => c.toUpperCase())}`;
  await expect.poll(async () => (await mona.get('/api/leads/custom-fields')).items.some((field: { key: string }) => field.key === key)).toBe(true);   // every replica knows within two seconds

  const lead = await mona.lead({ company: `Custom ${mark}` });
  await mona.lead({ company: `Custom ${mark}` });
  await actAs(page, mona);
  await page.goto(`/leads/${lead.id}`);
  await page.getByRole('button', { name: /^Show \d+ empty$/ }).click();
  await page.getByRole('button', { name: `Edit Region ${mark}` }).click();
  await page.getByRole('textbox', { name: `Region ${mark}` }).or(page.getByRole('combobox', { name: `Region ${mark}` })).click();
  await page.getByRole('option', { name: 'The South' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  expect((await mona.get(`/api/leads/${lead.id}`)).custom[key]).toBe('South');

  await page.goto(`/leads?company=Custom+${mark}`);
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All2');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('menuitem', { name: `Region ${mark}` }).click();
  await page.getByRole('checkbox', { name: 'The South' }).check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('button', { name: `Region ${mark} is The South`, exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All1');
  await page.getByRole('button', { name: 'Columns and density' }).click();
  await page.getByRole('menuitemcheckbox', { name: `Region ${mark}` }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row', { name: /Byron/ })).toContainText('The South');
  await page.reload();   // the address says it all
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All1');

  await actAs(page, admin);
  await page.goto('/setup/custom-fields/leads');
  await page.getByRole('link', { name: `Region ${mark}` }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: `Bring back Region ${mark}` }).click();
  await expect(page.getByText(`Region ${mark} is back, with its values.`)).toBeVisible();
  await expect.poll(async () => (await mona.get(`/api/leads/${lead.id}`)).custom[key]).toBe('South');   // every replica knows within two seconds
  const field = (await admin.get('/api/leads/custom-fields')).items.find((one: { key: string }) => one.key === key);
  await admin.send('DELETE', `/api/leads/custom-fields/${field.id}`, undefined, { 'If-Match': `"${field.version}"` });
});

test('LD4: every type of custom field can be defined, and a new account is asked for what is required', async ({ page, admin, mona }) => {
  test.slow();
  const mark = unique();
  await actAs(page, admin);
  const made: { id: string; version: number }[] = [];
  for (const type of ['Text', 'Long text', 'Number', 'Amount of money', 'Percent', 'Date', 'Date and time', 'Checkbox', 'Multi-select', 'E-mail', 'Phone', 'Web address', 'Formatted text', 'Place on the map', 'Auto-number', 'Look-up']) {
    await page.goto('/setup/custom-fields/accounts/new');
    await page.getByLabel('Label').fill(`${type} ${mark}`);
    await page.getByRole('textbox', { name: 'Type' }).or(page.getByRole('combobox', { name: 'Type' })).fill(type);
    await page.getByRole('option', { name: type, exact: true }).click();
    if (type === 'Multi-select') await page.getByLabel('Value of option 1').fill('One');
    if (type === 'Look-up') {
      await page.getByRole('textbox', { name: 'Points to' }).or(page.getByRole('combobox', { name: 'Points to' })).first().click();
      await page.getByRole('option', { name: 'A user' }).click();
    }
    await page.getByRole('button', { name: 'Save field' }).click();
    await expect(page.getByText(`${type} ${mark} is saved.`)).toBeVisible();
  }
  // Every replica knows a new field within two seconds.
  await expect.poll(async () => {
    made.splice(0, made.length, ...(await admin.get('/api/accounts/custom-fields')).items.filter((field: { label: string }) => field.label.endsWith(mark)));
    return made.length;
  }).toBe(16);

  await actAs(page, mona);
  await page.goto('/accounts/new');
  await page.getByLabel('Name').fill(`Custom ${mark}`);
  await page.getByRole('button', { name: 'Show more fields' }).click();
  await page.getByLabel(`Number ${mark}`).fill('12.5');
  await page.getByLabel(`Date ${mark}`).fill('2030-06-30');
  await page.getByLabel(`E-mail ${mark}`).fill('nobody');
  await page.getByRole('checkbox', { name: `Checkbox ${mark}` }).check();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('“nobody” is no e-mail address.')).toBeVisible();
  await page.getByLabel(`E-mail ${mark}`).fill(`ada@${mark}.example`);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Custom ${mark}`);
  await expect(page.getByRole('region', { name: 'Custom fields' })).toContainText('12.5');
  for (const field of made) await admin.send('DELETE', `/api/accounts/custom-fields/${field.id}`, undefined, { 'If-Match': `"${field.version}"` });
});

test('LD4: a look-up is filled by searching for the record, and reads as its name', async ({ page, admin, mona }) => {
  const mark = unique();
  const field = await admin.send('POST', '/api/leads/custom-fields', { label: `Partner ${mark}`, type: 'lookup', lookupTarget: 'account' });
  const account = await mona.send('POST', '/api/accounts', { name: `Partner of ${mark}` });
  const lead = await mona.lead();
  await expect.poll(async () => (await mona.get('/api/leads/custom-fields')).items.some((one: { id: string }) => one.id === field.id)).toBe(true);
  await expect(async () => {   // every replica knows a new field within two seconds
    await page.goto(`/leads/${lead.id}`);
    await page.getByRole('button', { name: /^Show \d+ empty$/ }).click();
    await page.getByRole('button', { name: `Edit Partner ${mark}` }).click({ timeout: 2_000 });
  }).toPass();
  const input = page.getByRole('textbox', { name: `Partner ${mark}` }).or(page.getByRole('combobox', { name: `Partner ${mark}` })).first();
  await expect(async () => {   // the search learns of a new account a moment later
    await input.fill('');
    await input.fill(`Partner of ${mark}`);
    await page.getByRole('option', { name: new RegExp(`Partner of ${mark}`) }).click({ timeout: 3_000 });
  }).toPass();
  await input.press('Enter');
  await expect(page.getByRole('link', { name: `Partner of ${mark}` })).toHaveAttribute('href', `/accounts/${account.id}`);
  expect((await mona.get(`/api/leads/${lead.id}`)).custom[field.key]).toBe(account.id);
  await admin.send('DELETE', `/api/leads/custom-fields/${field.id}`, undefined, { 'If-Match': `"${field.version}"` });
});
