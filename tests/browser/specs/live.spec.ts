import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actAs, expect, Person, test, unique } from '../fixtures';
import { system } from '../system';

test('a lead that is sent from a form on another origin arrives in a list that is open, without a reload', async ({ page, admin, mona }) => {
  test.slow();
  const mark = unique();
  const form = await admin.send('POST', '/api/capture/forms', { name: `Live ${mark}`, fields: [{ name: 'lastName', required: true }, { name: 'email', required: true }, { name: 'company' }] });
  await page.goto(`/leads?company=${encodeURIComponent(`Live ${mark}`)}`);
  await expect(page.getByText('No lead is as the filters say.')).toBeVisible();

  const site = createServer((_, answer) => answer.setHeader('content-type', 'text/html; charset=utf-8').end(
    `<!doctype html><title>A site</title><form method="post" action="${system.gateway}/forms/${form.key}"><input name="lastName"><input name="email"><input name="company"><button>Send</button></form>`));
  await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready));
  try {
    const visitor = await (await page.context().browser()!.newContext()).newPage();
    await visitor.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
    await visitor.locator('[name=lastName]').fill(`Visitor ${mark}`);
    await visitor.locator('[name=email]').fill(`visitor.${mark}@site.example`);
    await visitor.locator('[name=company]').fill(`Live ${mark}`);
    await visitor.getByRole('button', { name: 'Send' }).click();
    await visitor.context().close();
  } finally {
    site.close();
  }

  await expect(page.getByRole('row', { name: new RegExp(`Visitor ${mark}`) })).toBeVisible({ timeout: 60_000 });
  expect((await mona.get(`/api/leads?company=${encodeURIComponent(`Live ${mark}`)}`)).items).toHaveLength(1);
});

test('what is new waits behind a button, what changes on an open record is shown, and signing out elsewhere ends it', async ({ page, mona, admin }) => {
  test.slow();
  const mark = unique();
  const mine = await Person.signIn('mona.manager@example.com');
  await actAs(page, mine);
  const lead = await mona.lead({ company: `Live ${mark}`, lastName: 'First' });
  await page.goto(`/leads?company=${encodeURIComponent(`Live ${mark}`)}`);
  const rows = page.getByRole('grid').getByRole('row');
  await expect(rows).toHaveCount(2);

  await admin.lead({ company: `Live ${mark}`, lastName: 'Second' });
  await expect(page.getByRole('button', { name: 'Show 1 new' })).toBeVisible();
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: 'Show 1 new' }).click();
  await expect(rows).toHaveCount(3);
  await expect(page.getByRole('button', { name: 'Show 1 new' })).toHaveCount(0);

  await page.goto(`/leads/${lead.id}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('First');
  await admin.patchLead(lead, { lastName: `Renamed ${mark}` });
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`Renamed ${mark}`);

  await mine.send('DELETE', '/api/session');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible({ timeout: 30_000 });
  await mine.http.dispose();
});
