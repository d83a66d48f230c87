import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test, unique } from '../fixtures';

const csv = (mark: string) => [
  'Surname;Firm;Mail;Whence;Booth',
  `Good ${mark};Engines ${mark};good.${mark}@engines.example;Germany;A1`,
  `Wrongmail ${mark};Engines ${mark};no address;Germany;A2`,
  `Wrongland ${mark};Engines ${mark};land.${mark}@engines.example;Atlantis;A3`,
  `Fine ${mark};Engines ${mark};fine.${mark}@engines.example;France;A4`,
].join('\n');

async function bring(page: Page, name: string, content: string) {
  await page.goto('/leads/imports');
  await page.getByRole('link', { name: 'Import a file' }).first().click();
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  await expect(page.getByRole('heading', { name: 'Which column is which field?' })).toBeVisible();
}

async function map(page: Page, column: string, field: string) {
  await page.getByRole('textbox', { name: `Field for ${column}` }).or(page.getByRole('combobox', { name: `Field for ${column}` })).fill(field);
  await page.getByRole('option', { name: field, exact: true }).click();
}

test('UI7: a file with errors is tried, imported, mended in place, and the rest is imported', async ({ page, mona }) => {
  test.slow();
  const mark = unique();
  await bring(page, `fair-${mark}.csv`, csv(mark));
  const columns = page.getByRole('list', { name: 'Columns' });
  await expect(columns.getByText(`Good ${mark}`)).toBeVisible();   // samples stand beside each column
  await expect(page.getByText('Semicolon'.toLowerCase(), { exact: false }).first()).toBeVisible();
  await map(page, 'Firm', 'Company');
  await map(page, 'Whence', 'Country');
  await page.reload();   // what was settled is there again
  await expect(page.getByRole('textbox', { name: 'Field for Whence' }).or(page.getByRole('combobox', { name: 'Field for Whence' }))).toHaveValue('Country');

  await page.getByRole('button', { name: 'Try it first' }).click();
  await expect(page.getByRole('heading', { name: `Trial of fair-${mark}.csv` })).toBeVisible();
  await expect(page.getByText('2 rows would become leads, 2 have errors.')).toBeVisible();
  const errors = page.getByRole('table', { name: 'Rows with errors' });
  await expect(errors.getByRole('row', { name: new RegExp(`Wrongmail ${mark}`) })).toContainText('no address');
  expect((await mona.get(`/api/leads?company=Engines+${mark}`)).items).toEqual([]);

  await page.getByRole('button', { name: 'Import 2 leads' }).click();
  await expect(page.getByText('2 rows became leads, 2 have errors.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Mail, row 3' }).fill(`mended.${mark}@engines.example`);
  await page.getByRole('textbox', { name: 'Whence, row 4' }).fill('Austria');
  await page.getByRole('button', { name: 'Import these 2 rows' }).click();

  await expect(page.getByText('Every row became a lead.')).toBeVisible();
  const { items } = await mona.get(`/api/leads?company=Engines+${mark}&sort=lastName`);
  expect(items.map((lead: { lastName: string; email: string; country: string }) => [lead.lastName, lead.email, lead.country])).toEqual([
    [`Fine ${mark}`, `fine.${mark}@engines.example`, 'FR'], [`Good ${mark}`, `good.${mark}@engines.example`, 'DE'],
    [`Wrongland ${mark}`, `land.${mark}@engines.example`, 'AT'], [`Wrongmail ${mark}`, `mended.${mark}@engines.example`, 'DE'],
  ]);
  await page.getByRole('link', { name: 'Show the new leads' }).click();
  await expect(page.getByRole('row', { name: new RegExp(`Wrongland ${mark}`) })).toBeVisible();
});

test('UI7: the error file is mended in another program and imported with the mapping of before', async ({ page, mona }) => {
  test.slow();
  const mark = unique();
  await bring(page, `fair-${mark}.csv`, csv(mark));
  await map(page, 'Firm', 'Company');
  await map(page, 'Whence', 'Country');
  await page.getByRole('button', { name: 'Import leads' }).click();
  await expect(page.getByText('2 rows became leads, 2 have errors.')).toBeVisible();

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Error file' }).click()]);
  const file = await readFile(await download.path(), 'utf8');
  expect(file.split('\r\n')[0]).toContain('Import error');
  await page.locator('input[type=file]').setInputFiles({ name: 'mended.csv', mimeType: 'text/csv', buffer: Buffer.from(file.replace('no address', `mended.${mark}@engines.example`).replace('Atlantis', 'Austria')) });

  await expect(page.getByRole('textbox', { name: 'Field for Whence' }).or(page.getByRole('combobox', { name: 'Field for Whence' }))).toHaveValue('Country');
  await page.getByRole('button', { name: 'Import leads' }).click();
  await expect(page.getByText('Every row became a lead.')).toBeVisible();
  expect((await mona.get(`/api/leads?company=Engines+${mark}`)).items).toHaveLength(4);
});

test('IM2: a mapping that was saved is taken for the next file, and comes back after it was deleted', async ({ page, mona }) => {
  const mark = unique();
  await bring(page, `one-${mark}.csv`, `Wer;Wo;Was\nByron ${mark};Engines ${mark};Calculator`);
  await page.getByRole('button', { name: 'Import leads' }).click();
  await expect(page.getByRole('alert')).toContainText('A last name is required');
  await map(page, 'Wer', 'Last name');
  await map(page, 'Wo', 'Company');
  await page.getByRole('button', { name: 'Save this mapping' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(`Fair ${mark}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Save mapping' }).click();
  await expect(page.getByText(`The mapping “Fair ${mark}” is saved.`)).toBeVisible();

  await bring(page, `two-${mark}.csv`, `Wer;Wo;Was\nLovelace ${mark};Engines ${mark};Program`);
  await page.getByRole('textbox', { name: 'Saved mapping' }).or(page.getByRole('combobox', { name: 'Saved mapping' })).click();
  await page.getByRole('option', { name: `Fair ${mark}` }).click();
  await page.getByRole('button', { name: 'Import leads' }).click();
  await expect(page.getByText('Every row became a lead.')).toBeVisible();
  const { items } = await mona.get(`/api/leads?company=Engines+${mark}`);
  expect((await mona.get(`/api/leads/${items[0].id}`)).extra).toEqual({ Was: 'Program' });

  await page.goto('/leads/imports');
  await page.getByRole('button', { name: `Delete Fair ${mark}` }).click();
  await expect(page.getByRole('list', { name: 'Saved mappings' }).getByText(`Fair ${mark}`)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('list', { name: 'Saved mappings' }).getByText(`Fair ${mark}`)).toBeVisible();
});

test('UI7: what is no file of leads is refused, and says why', async ({ page }) => {
  await page.goto('/leads/imports/new');
  await page.locator('input[type=file]').setInputFiles({ name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.from('') });
  await expect(page.getByRole('alert')).toContainText('“empty.csv” is empty');
  await page.locator('input[type=file]').setInputFiles({ name: 'blank.csv', mimeType: 'text/csv', buffer: Buffer.from('\n\n') });
  await expect(page.getByRole('alert')).toContainText('the file has no header');

  // Whatever the name says: it is refused before anything is sent.
  let sent = 0;
  page.on('request', (one) => { if (one.method() === 'POST' && one.url().includes('/imports')) sent++; });
  for (const [bytes, kind] of [['PK\x03\x04 and what follows', 'a workbook or an archive (.xlsx, .ods, .zip)'], ['%PDF-1.7', 'a PDF'], ['Surname,Firm\n\x00\x01\x02,\xfe', 'no text']] as const) {
    await page.locator('input[type=file]').setInputFiles({ name: 'leads.csv', mimeType: 'text/csv', buffer: Buffer.from(bytes, 'latin1') });
    await expect(page.getByRole('alert')).toContainText(`“leads.csv” is not a CSV file: it is ${kind}.`);
  }
  await expect(page).toHaveURL(/\/imports\/new$/);
  expect(sent).toBe(0);
});

test('UI7: a file in UTF-16, as spreadsheets save it, is text', async ({ page }) => {
  const text = 'Surname\tFirm\nByron\tEngines\n';
  for (const [name, mark] of [['marked.csv', '\ufeff'], ['unmarked.csv', '']] as const) {
    await page.goto('/leads/imports/new');
    await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(mark + text, 'utf16le') });
    await expect(page.getByRole('heading', { name: 'Which column is which field?' })).toBeVisible();
    await expect(page.getByRole('list', { name: 'Columns' }).getByText('Byron')).toBeVisible();
  }
});
