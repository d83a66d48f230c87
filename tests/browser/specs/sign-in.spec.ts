import { createHmac } from 'node:crypto';
import { test as bare } from '@playwright/test';
import { expect, Person, unique } from '../fixtures';
import { system } from '../system';

const form = async (page: import('@playwright/test').Page, email: string, password: string) => {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

bare('UI3: a link opens its page after signing in', async ({ page }) => {
  await page.goto('/leads/my-open?sort=lastName');
  await form(page, 'rita.rep@example.com', system.samplePassword);
  await expect(page.getByRole('heading', { name: /^My open/ })).toBeVisible();
  expect(new URL(page.url()).search).toBe('?sort=lastName');
});

bare('A wrong password is said beside the form and the field has the focus', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Enter your e-mail address.')).toBeVisible();
  await form(page, 'rita.rep@example.com', 'not the password');
  await expect(page.getByRole('alert')).toContainText('wrong');
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
});

bare('Signing out in one tab signs out the others and leaves no draft behind', async ({ page, context }) => {
  await page.goto('/leads/new');
  await form(page, 'rolf.rep@example.com', system.samplePassword);
  await page.getByLabel('Last name').fill('Left behind');
  const other = await context.newPage();
  await other.goto('/leads');
  await expect(other.getByRole('heading', { name: /^All/ })).toBeVisible();

  await other.getByRole('button', { name: /^You:/ }).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();

  await expect(page.getByRole('heading', { name: 'Sign in to LeadCrm' })).toBeVisible();
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('leadcrm-draft')))).toEqual([]);
});

bare('Who has a second factor signs in in two steps', async ({ page }) => {
  const admin = await Person.signIn('admin@leadcrm.local', system.adminPassword);
  const email = `two.${unique()}@example.com`;
  const password = `Two steps ${unique()}`;
  const user = await admin.send('POST', '/api/users', { name: 'Tea Two', email, roles: ['Sales Rep'] });
  await admin.send('POST', `/api/users/${user.id}/password`, { password });
  const tea = await Person.signIn(email, password);
  const { secret } = await tea.send('POST', '/api/users/me/second-factor', { password });
  const { recoveryCodes } = await tea.send('POST', '/api/users/me/second-factor/confirm', { code: totp(secret) });

  await page.goto('/leads');
  await form(page, email, password);
  await page.getByLabel('Code').fill(recoveryCodes[0]);
  await page.getByRole('button', { name: 'Continue' }).click();

  await expect(page.getByRole('heading', { name: /^All/ })).toBeVisible();
});

/** The code of this half minute (RFC 6238). */
function totp(secret: string): string {
  const bits = [...secret.replace(/=+$/, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash[19]! & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
