import { actAs, expect, test, unique } from '../fixtures';

test('C11: a custom field of the lead feeds one of the account; what does not go together is said at its line, and C12: a field that is fed cannot be deleted', async ({ page, admin }) => {
  const mark = unique();
  const field = (kind: string, label: string, type: string) => admin.send('POST', `/api/${kind}/custom-fields`, { label: `${label} ${mark}`, type });
  const text = await field('leads', 'Region', 'text');
  const target = await field('accounts', 'Area', 'text');
  const number = await field('accounts', 'Seats', 'number');
  await expect.poll(async () => (await admin.get('/api/leads/conversion-mapping')).recordFields.some((one: { label: string }) => one.label === `Area ${mark}`)).toBe(true);
  const line = (await admin.get('/api/leads/conversion-mapping')).rules.length + 1;

  const choose = async (name: string, option: string) => {
    await page.getByRole('textbox', { name }).or(page.getByRole('combobox', { name })).fill(option);
    await page.getByRole('option', { name: option }).click();
  };
  await actAs(page, admin);
  await page.goto('/setup/mapping');
  await page.getByRole('button', { name: 'Add a line' }).click();
  await choose(`Field of the lead, line ${line}`, `Region ${mark}`);
  await choose(`Feeds, line ${line}`, `Seats ${mark}`);
  await page.getByRole('button', { name: 'Save mapping' }).click();
  await expect(page.getByText('A field of type text can be mapped to')).toBeVisible();
  await choose(`Feeds, line ${line}`, `Area ${mark}`);
  await page.getByRole('button', { name: 'Save mapping' }).click();
  await expect(page.getByText('The mapping is saved.')).toBeVisible();
  const rule = { leadField: `custom.${text.key}`, record: 'account', field: `custom.${target.key}` };
  expect((await admin.get('/api/leads/conversion-mapping')).rules).toContainEqual(rule);

  await page.goto(`/setup/custom-fields/accounts/${target.id}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'mapping' })).toBeVisible();

  await page.goto('/setup/mapping');
  await page.getByRole('button', { name: `Remove line ${line}` }).click();
  await page.getByRole('button', { name: 'Save mapping' }).click();
  await expect.poll(async () => (await admin.get('/api/leads/conversion-mapping')).rules.length).toBe(line - 1);
  for (const [kind, one] of [['leads', text], ['accounts', target], ['accounts', number]] as const) {
    await expect(async () => { await admin.send('DELETE', `/api/${kind}/custom-fields/${one.id}`, undefined, { 'If-Match': `"${one.version}"` }); }).toPass({ timeout: 30_000 });
  }
});
