import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actAs, expect, test, unique } from '../fixtures';
import { system } from '../system';

test('CP1: a form is made, its snippet stands on a page of another origin, and what is sent there becomes a lead', async ({ page, admin }) => {
  test.slow();
  const mark = unique();
  await actAs(page, admin);
  await page.goto('/setup/forms/new');
  await page.getByLabel('Name', { exact: true }).fill(`Contact ${mark}`);
  await page.getByLabel('What the form calls Company').fill('Your company');
  await expect(page.getByRole('group', { name: 'How the form looks' })).toContainText('Your company');
  await page.getByRole('button', { name: 'Save form' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Contact ${mark}`);
  const snippet = await page.getByLabel('HTML', { exact: true }).innerText();
  expect(snippet).toContain('Your company');

  const site = createServer((_, answer) => answer.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html><title>A site</title><h1>Talk to us</h1>${snippet}`));
  await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  expect(origin).not.toBe(new URL(system.gateway).origin);
  try {
    const visitor = await page.context().browser()!.newPage();
    await visitor.goto(origin);
    await visitor.locator('[name=lastName]').fill(`Visitor ${mark}`);
    await visitor.locator('[name=email]').fill(`visitor.${mark}@site.example`);
    await visitor.locator('[name=company]').fill(`Site ${mark}`);
    await visitor.getByRole('button', { name: 'Send' }).click();
    await expect(visitor).toHaveURL(new RegExp(`^${system.gateway}/forms/`));
    await visitor.close();
  } finally {
    site.close();
  }

  await expect.poll(async () => (await admin.get(`/api/leads?company=Site+${mark}`)).items.length, { timeout: 60_000 }).toBe(1);
  await page.goto(`/leads?company=Site+${mark}`);
  await expect(page.getByRole('row', { name: new RegExp(`Visitor ${mark}`) })).toBeVisible();

  await page.goto('/setup/forms');
  await page.getByRole('link', { name: `Contact ${mark}` }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: `Bring back Contact ${mark}` }).click();
  await expect(page.getByRole('list', { name: 'Web forms' }).getByRole('link', { name: `Contact ${mark}` })).toBeVisible();
});

test('WL5: what is suspected waits with its reasons, and released by a person it becomes a lead', async ({ page, admin }) => {
  const mark = unique();
  const form = await admin.send('POST', '/api/capture/forms', { name: `Trap ${mark}`, fields: [{ name: 'lastName', required: true }, { name: 'email', required: true }], pageOnly: true });
  const sent = await page.request.post(`/forms/${form.key}`, { data: { lastName: `Suspect ${mark}`, email: `suspect.${mark}@site.example` } });
  expect(sent.status(), await sent.text()).toBe(202);

  await page.goto('/setup/submissions');   // a sales manager may import, so she looks after what comes in
  await expect(page.getByRole('navigation', { name: 'Setup' }).getByRole('link')).toHaveCount(1);
  await page.getByRole('link', { name: `suspect.${mark}@site.example` }).click();
  await expect(page.getByRole('region', { name: 'Why it is suspected' })).toBeVisible();
  await page.getByRole('button', { name: 'Release: it is a person' }).click();
  await expect(page.getByRole('link', { name: 'Open the lead' })).toBeVisible({ timeout: 60_000 });
  expect((await admin.get(`/api/leads?email=suspect.${mark}@site.example`)).items).toHaveLength(1);
});

test('WL8: what the leads refused is corrected and sent once more', async ({ page, admin }) => {
  const mark = unique();
  const form = await admin.send('POST', '/api/capture/forms', { name: `Refused ${mark}`, fields: [{ name: 'lastName', required: true }, { name: 'email', required: true }, { name: 'country' }] });
  await page.request.post(`/forms/${form.key}`, { data: { lastName: `Refused ${mark}`, email: `refused.${mark}@site.example`, country: 'Atlantis' } });
  await expect.poll(async () => (await admin.get(`/api/capture/submissions?status=refused&formId=${form.id}`)).items.length, { timeout: 60_000 }).toBe(1);

  await page.goto('/setup/submissions?status=refused');
  await page.getByRole('link', { name: `refused.${mark}@site.example` }).click();
  await page.getByLabel('Country').fill('Austria');
  await page.getByRole('button', { name: 'Save values' }).click();
  await page.getByRole('button', { name: 'Send it once more' }).click();
  await expect(page.getByRole('link', { name: 'Open the lead' })).toBeVisible({ timeout: 60_000 });
  expect((await admin.get(`/api/leads?email=refused.${mark}@site.example`)).items[0].country).toBe('AT');
});
