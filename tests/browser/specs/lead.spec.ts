import { readFile } from 'node:fs/promises';
import { expect, test, unique } from '../fixtures';

test('AV2: a call is logged with two clicks and one line of text', async ({ page, mona }) => {
  const lead = await mona.lead();
  await page.goto(`/leads/${lead.id}`);
  await page.getByRole('button', { name: 'Log a call' }).click();
  await page.keyboard.type('Wants a quote by Friday');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The call is logged.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Past' }).getByText('Wants a quote by Friday')).toBeVisible();
});

test('A task is planned on a lead, shows in my tasks, and is done there', async ({ page, mona }) => {
  const lead = await mona.lead();
  await page.goto(`/leads/${lead.id}`);
  await page.getByRole('button', { name: 'Task', exact: true }).click();
  await page.getByLabel('What is to be done').fill(`Send the quote to ${lead.lastName}`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Upcoming' })).toContainText('Send the quote');

  await page.goto('/tasks');
  await page.getByRole('checkbox', { name: `Done: Send the quote to ${lead.lastName}` }).click();
  await expect(page.getByText(`Done: Send the quote to ${lead.lastName}`)).toBeVisible();
  await expect(page.getByRole('checkbox', { name: `Done: Send the quote to ${lead.lastName}` })).toHaveCount(0);
});

test('AV3: my tasks are what is overdue, due today and later, each is put off or done in place', async ({ page, mona }) => {
  const mark = unique();
  const lead = await mona.lead();
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  for (const [subject, dueOn] of [['Overdue', day(-3)], ['Today', day(0)], ['Later', day(5)], ['Some day', null]] as const) await mona.send('POST', '/api/activities', { kind: 'task', subject: `${subject} ${mark}`, dueOn, related: [{ type: 'lead', id: lead.id }] });
  await page.goto('/tasks');
  for (const [region, subject] of [['Overdue', 'Overdue'], ['Today', 'Today'], ['Upcoming', 'Later'], ['Without a day', 'Some day']] as const) await expect(page.getByRole('region', { name: region }).getByText(`${subject} ${mark}`)).toBeVisible();
  await page.getByRole('button', { name: `Put off: Overdue ${mark}` }).click();
  await page.getByRole('menuitem', { name: 'In a week' }).click();
  await expect(page.getByRole('region', { name: 'Upcoming' }).getByText(`Overdue ${mark}`)).toBeVisible();
  await page.getByRole('checkbox', { name: `Done: Today ${mark}` }).click();
  await expect(page.getByText(`Today ${mark}`, { exact: true })).toHaveCount(0);
  await page.getByRole('textbox', { name: 'What is to be done' }).fill(`Mine alone ${mark}`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Today' }).getByText(`Mine alone ${mark}`)).toBeVisible();
});

test('UI4: a field is edited where it is, by keyboard', async ({ page, mona }) => {
  const lead = await mona.lead({ title: 'Countess' });
  await page.goto(`/leads/${lead.id}`);
  await page.getByRole('button', { name: 'Edit Title' }).focus();
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Title' }).fill('Director');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Edit Title' })).toBeFocused();
  expect((await mona.get(`/api/leads/${lead.id}`)).title).toBe('Director');

  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Title' }).fill('Something else');
  await page.keyboard.press('Escape');
  await expect(page.getByText('Director').first()).toBeVisible();
  expect((await mona.get(`/api/leads/${lead.id}`)).title).toBe('Director');
});

test('UI8: what somebody else changed meanwhile is shown beside what one typed, and one chooses', async ({ page, mona }) => {
  const lead = await mona.lead({ title: 'Countess' });
  await page.goto(`/leads/${lead.id}`);
  await page.getByRole('button', { name: 'Edit Title' }).click();
  const theirs = await mona.patchLead(lead, { title: 'Their title' });
  await page.getByRole('textbox', { name: 'Title' }).fill('My title');
  await page.keyboard.press('Enter');

  const conflict = page.getByRole('alertdialog', { name: 'Title was changed meanwhile' });
  await expect(conflict).toContainText('Mona Okafor made it Their title');
  await expect(conflict).toContainText('My title');
  expect((await mona.get(`/api/leads/${lead.id}`)).version).toBe(theirs.version);
  await conflict.getByRole('button', { name: 'Save mine' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  expect((await mona.get(`/api/leads/${lead.id}`)).title).toBe('My title');
});

test('UI8: another field that somebody else changed meanwhile is no conflict', async ({ page, mona }) => {
  const lead = await mona.lead({ title: 'Countess' });
  await page.goto(`/leads/${lead.id}`);
  await page.getByRole('button', { name: 'Edit Title' }).click();
  await mona.patchLead(lead, { city: 'Bath' });
  await page.getByRole('textbox', { name: 'Title' }).fill('Director');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved')).toBeVisible();
  const now = await mona.get(`/api/leads/${lead.id}`);
  expect([now.title, now.city]).toEqual(['Director', 'Bath']);
});

test('UI5: the status path shows what a step is about, moves there, and back', async ({ page, mona }) => {
  const lead = await mona.lead();
  await page.goto(`/leads/${lead.id}`);
  const path = page.getByRole('list', { name: 'Status' });
  await path.getByRole('button', { name: 'New' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('Find out budget, timeframe and need.')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Moved to Working.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Moved to New.').or(path.getByRole('button', { name: 'New' }))).toBeVisible();
  await expect(async () => expect((await mona.get(`/api/leads/${lead.id}`)).status).toBe('New')).toPass();

  await path.getByRole('button', { name: 'Not Qualified' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Move to Not Qualified' }).click();
  await expect(page.getByText('Say why in a few words.')).toBeVisible();
  await page.getByLabel('Why is it not qualified?').fill('No budget this year');
  await page.getByRole('dialog').getByText('90 days').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Move to Not Qualified' }).click();
  await expect(page.getByText('No budget this year', { exact: true })).toBeVisible();   // its task says so too
  await page.getByRole('button', { name: 'Reopen now' }).click();
  await expect(page.getByText('Open again, as New.')).toBeVisible();
});

test('LD7: opening a lead of one’s own marks it read', async ({ page, mona }) => {
  const lead = await mona.lead();
  await mona.send('PUT', `/api/leads/${lead.id}/unread`, { unread: true });
  await page.goto(`/leads/${lead.id}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(async () => expect((await mona.get(`/api/leads/${lead.id}`)).unread).toBe(false)).toPass();
});

test('LD9: a lead is called, written to, copied and taken into an address book', async ({ page, mona }) => {
  const lead = await mona.lead({ firstName: 'Ada; "Ace"', company: 'Love, Lace\\Sons', title: 'Countess', phone: '+49 30 901820', street: 'Long Street 1\nBack yard', city: 'Köln', source: 'Web' });
  await page.goto(`/leads/${lead.id}`);
  await expect(page.locator('a[href^="tel:"]').first()).toHaveAttribute('href', /^tel:\+49 ?30 ?901820$/);
  await expect(page.getByRole('link', { name: lead.email }).first()).toHaveAttribute('href', `mailto:${lead.email}`);

  await page.getByRole('button', { name: 'More' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save as vCard' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.vcf$/);
  const card = (await readFile(await file.path(), 'utf8')).replaceAll('\r\n ', '');
  expect(card).toContain(`\r\nN:${lead.lastName};Ada\\; "Ace";;;\r\n`);
  expect(card).toContain('\r\nORG:Love\\, Lace\\\\Sons\r\n');
  expect(card).toContain(`\r\nEMAIL;TYPE=INTERNET:${lead.email}\r\n`);
  expect(card).toContain('\r\nADR;TYPE=WORK:;;Long Street 1\\nBack yard;Köln;;;\r\n');
  expect(card.split('\r\n').at(-2)).toBe('END:VCARD');

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'QR code' }).click();
  const code = page.getByRole('dialog').getByRole('img', { name: /^QR code of the page of/ });
  await expect(code).toBeVisible();
  const ofPage = await code.locator('path').getAttribute('d');
  await page.getByRole('dialog').getByText('For the address book').click();
  await expect(page.getByRole('dialog').getByRole('img', { name: /for an address book$/ }).locator('path')).not.toHaveAttribute('d', ofPage!);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Clone' }).click();
  await expect(page.getByRole('textbox', { name: 'Last name' })).toHaveValue(lead.lastName);
  await page.getByRole('textbox', { name: 'Last name' }).fill(`${lead.lastName} Junior`);
  await page.getByRole('button', { name: 'Save lead' }).click();
  await expect(page.getByRole('heading', { name: `Ada; "Ace" ${lead.lastName} Junior` })).toBeVisible();
  const copy = await mona.get(`/api/leads/${page.url().split('/').at(-1)}`);
  expect([copy.id === lead.id, copy.company, copy.title, copy.city, copy.source, copy.street]).toEqual([false, 'Love, Lace\\Sons', 'Countess', 'Köln', 'Web', 'Long Street 1\nBack yard']);
});
