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

test('UI10: after a change of one lead, of a long list only the windows are asked for anew that hold it or are looked at', async ({ page, mona }) => {
  test.slow();
  const mark = unique();
  const number = (i: number) => String(i).padStart(3, '0');
  const token = (await mona.get('/api/session')).antiForgeryToken;
  const lines = Array.from({ length: 900 }, (_, i) => JSON.stringify({ op: 'create', record: { lastName: `Row ${number(i)}`, company: `Long ${mark} ${number(i)}`, city: `Long ${mark}` } }));
  for (const some of [lines.slice(0, 450), lines.slice(450)]) expect((await mona.http.post('/api/leads/bulk', { data: some.join('\n'), headers: { 'content-type': 'application/x-ndjson', 'X-CSRF-Token': token } })).ok()).toBe(true);
  const { items: [lead] } = await mona.get(`/api/leads?city=Long+${mark}&lastName=Row+150`);

  // Which windows are asked for, by where they begin: the look for new rows, which names no count, is none.
  const asked: string[] = [];
  page.on('request', (one) => {
    const query = new URL(one.url()).searchParams;
    if (one.url().includes('/api/leads?') && query.get('city') && (query.has('after') || query.has('count'))) asked.push(query.get('after') ?? 'first');
  });
  await page.goto(`/leads?city=Long+${mark}&sort=lastName`);
  const grid = page.getByRole('grid');
  await expect(grid).toHaveAttribute('aria-rowcount', '901');
  await expect(grid).toBeFocused();
  const goTo = async (key: string, name: string) => expect(async () => { await page.keyboard.press(key); await expect(grid.getByRole('row', { name: new RegExp(name) })).toBeVisible({ timeout: 300 }); }).toPass();
  await goTo('End', 'Row 899');
  const [, second, third, fourth, fifth, ...more] = [...new Set(asked)];
  expect([fifth, more.length]).toEqual([expect.any(String), 0]);

  // Who looks at the last window hears of a change in the second: those two and the first are asked for, those between are not.
  asked.length = 0;
  const changed = await mona.patchLead(lead, { company: `Elsewhere ${mark}` });
  await expect.poll(() => [...new Set(asked)].sort()).toEqual(['first', second!, fifth!].sort());

  // One that came in between and one that went: no row is shown twice, and none is missing.
  const made = await mona.lead({ lastName: 'Row 150a', city: `Long ${mark}` });
  await mona.patchLead(changed, { company: `Further ${mark}` });
  await expect(grid).toHaveAttribute('aria-rowcount', '902');
  await expect(grid.getByRole('row', { name: /Row 899/ })).toHaveAttribute('aria-rowindex', '902');
  expect([third, fourth].filter((one) => asked.includes(one!)), 'what lies between').toEqual([]);
  await mona.send('DELETE', `/api/leads/${made.id}`, undefined, { 'If-Match': `"${made.version}"` });
  await expect(grid).toHaveAttribute('aria-rowcount', '901');
  await expect(grid.getByRole('row', { name: /Row 899/ })).toHaveAttribute('aria-rowindex', '901');

  // The row that was changed out of sight says so, and what was left out is caught up with when somebody looks at it.
  expect(asked).not.toContain(third);
  await goTo('PageUp', 'Row 400');
  await expect.poll(() => asked.includes(third!)).toBe(true);
  await goTo('PageUp', `Further ${mark}`);
});
