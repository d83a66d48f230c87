import { expect, test, unique, type Person } from '../fixtures';
import type { Page } from '@playwright/test';

async function deal(mona: Person, more: Record<string, unknown> = {}) {
  const mark = unique();
  const account = await mona.send('POST', '/api/accounts', { name: `Engines ${mark}` });
  return mona.send('POST', '/api/opportunities', { name: `Deal ${mark}`, accountId: account.id, amount: 5000, currency: 'EUR', closeDate: '2030-06-30', ...more });
}

async function carry(page: Page, name: string, into: string) {
  const from = (await page.getByRole('link', { name, exact: true }).boundingBox())!;
  const to = (await page.getByRole('region', { name: into }).boundingBox())!;
  await page.mouse.move(from.x + 20, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 20, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + 120, { steps: 8 });
  await page.mouse.up();
}

test('OP4: a deal is dragged to won, which asks why, and the sums of both stages say so', async ({ page, mona }) => {
  const one = await deal(mona);
  const other = await mona.send('POST', '/api/opportunities', { name: `${one.name} in dollars`, accountId: one.accountId, amount: 700, currency: 'USD', closeDate: '2030-06-30' });
  await page.goto(`/opportunities?name%5Bcontains%5D=${encodeURIComponent(one.name)}`);
  await page.getByRole('link', { name: 'Show as a board' }).click();
  const from = page.getByRole('region', { name: 'Prospecting' });
  const won = page.getByRole('region', { name: 'Closed Won' });
  await expect(from).toContainText('€5,000 · US$700');
  await expect(from.getByRole('link')).toHaveText([one.name, other.name]);

  await carry(page, one.name, 'Closed Won');
  await page.getByLabel('Why was it won?').fill('Best price');
  await page.getByRole('dialog').getByRole('button', { name: 'Move to Closed Won' }).click();
  await expect(won.getByRole('link', { name: one.name })).toBeVisible();
  await expect(won).toContainText('€5,000');
  await expect(from).not.toContainText('€5,000');
  const now = await mona.get(`/api/opportunities/${one.id}`);
  expect([now.stage, now.closeReason]).toEqual(['Closed Won', 'Best price']);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(from.getByRole('link', { name: one.name, exact: true })).toBeVisible();
  await expect.poll(async () => (await mona.get(`/api/opportunities/${one.id}`)).stage).toBe('Prospecting');
});

test('OP4: the same by keyboard alone', async ({ page, mona }) => {
  const one = await deal(mona);
  await page.goto(`/opportunities/board?name=${encodeURIComponent(one.name)}`);
  await page.getByRole('button', { name: `Carry ${one.name}` }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByText(`${one.name} is over Prospecting.`)).toBeAttached();
  for (const stage of ['Qualification', 'Needs Analysis', 'Proposal', 'Negotiation', 'Closed Won']) {
    await page.keyboard.press('ArrowRight');
    await expect(page.getByText(`${one.name} is over ${stage}.`)).toBeAttached();
  }
  await page.keyboard.press('Space');
  await expect(page.getByLabel('Why was it won?')).toBeFocused();
  await page.keyboard.type('They know us');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await mona.get(`/api/opportunities/${one.id}`)).stage).toBe('Closed Won');
  await expect(page.getByRole('region', { name: 'Closed Won' }).getByRole('link', { name: one.name })).toBeVisible();
});

test('OP4: every drag has a menu instead, and a stage that wants a field first asks for it', async ({ page, mona }) => {
  const one = await deal(mona, { amount: null, stage: 'Proposal' });
  await page.goto(`/opportunities/board?name=${encodeURIComponent(one.name)}`);
  await page.getByRole('button', { name: `Move ${one.name} to` }).click();
  await page.getByRole('menuitem', { name: 'Negotiation' }).click();
  const ask = page.getByRole('dialog', { name: `${one.name} before Negotiation` });
  await ask.getByLabel('Amount').fill('9000');
  await ask.getByRole('button', { name: 'Save and move' }).click();
  const there = page.getByRole('region', { name: 'Negotiation' });
  await expect(there.getByRole('link', { name: one.name })).toBeVisible();
  await expect(there).toContainText('€9,000');
});

test('OP4: a deal that somebody else has moved meanwhile is left where they put it', async ({ page, mona }) => {
  const one = await deal(mona);
  await page.goto(`/opportunities/board?name=${encodeURIComponent(one.name)}`);
  await expect(page.getByRole('region', { name: 'Prospecting' }).getByRole('link', { name: one.name })).toBeVisible();
  await mona.send('POST', `/api/opportunities/${one.id}/stage`, { stage: 'Proposal' });
  await page.getByRole('button', { name: `Move ${one.name} to` }).click();
  await page.getByRole('menuitem', { name: 'Qualification' }).click();
  await expect(page.getByText(`${one.name} was moved to Proposal meanwhile, by somebody else.`)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Proposal' }).getByRole('link', { name: one.name })).toBeVisible();
});

test('VW4: leads by status: dragged on, turned down with a reason and a date, taken back, and the last column converts', async ({ page, mona }) => {
  const lead = await mona.lead();
  const name = `${lead.firstName} ${lead.lastName}`;
  await page.goto(`/leads?company=${encodeURIComponent(lead.company)}`);
  await page.getByRole('link', { name: 'Show as a board' }).click();
  await expect(page.getByRole('region', { name: 'New' }).getByRole('link', { name })).toBeVisible();
  await carry(page, name, 'Working');
  await expect(page.getByText(`${name} is in Working now.`)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Working' }).getByRole('link', { name })).toBeVisible();

  await page.getByRole('button', { name: `Move ${name} to` }).click();
  await page.getByRole('menuitem', { name: 'Not Qualified' }).click();
  await page.getByLabel('Why is it not qualified?').fill('No budget');
  await page.getByRole('dialog').getByText('90 days').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Move to Not Qualified' }).click();
  await expect(page.getByRole('region', { name: 'Not Qualified' }).getByRole('link', { name })).toBeVisible();
  await expect(page.getByText(`${name} is in Not Qualified now.`)).toBeVisible();
  expect((await mona.get(`/api/leads/${lead.id}`)).notQualifiedReason).toBe('No budget');
  // At no moment it stands in two columns, although these are asked for one by one.
  const seen = page.evaluate((title) => new Promise<number>((answer) => {
    let most = 0;
    const until = performance.now() + 3_000;
    const look = () => { most = Math.max(most, [...document.querySelectorAll('section li a')].filter((link) => link.textContent === title).length); if (performance.now() < until) requestAnimationFrame(look); else answer(most); };
    look();
  }), name);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(page.getByRole('region', { name: 'Working' }).getByRole('link', { name })).toBeVisible();
  expect(await seen).toBe(1);
  await expect(page.getByRole('region', { name: 'Not Qualified' }).getByRole('link', { name })).toHaveCount(0);
  await page.getByRole('button', { name: `Move ${name} to` }).click();
  await page.getByRole('menuitem', { name: 'Convert' }).click();
  await expect(page).toHaveURL(new RegExp(`/leads/${lead.id}/convert`));
});

test('VW4, OP4: a card stays where the mouse has put it, also after reloading and going back; given up half-way, it stays where it was', async ({ page, mona }) => {
  const lead = await mona.lead();
  const one = await deal(mona);
  for (const [board, name, from, to, now] of [
    [`/leads/board?company=${encodeURIComponent(lead.company)}`, `${lead.firstName} ${lead.lastName}`, 'New', 'Working', async () => (await mona.get(`/api/leads/${lead.id}`)).status],
    [`/opportunities/board?name=${encodeURIComponent(one.name)}`, one.name, 'Prospecting', 'Qualification', async () => (await mona.get(`/api/opportunities/${one.id}`)).stage],
  ] as const) {
    await page.goto(board);
    const card = (column: string) => page.getByRole('region', { name: column, exact: true }).getByRole('link', { name, exact: true });
    await expect(card(from)).toBeVisible();

    // Let go beside the board, and given up by Escape over another column.
    const at = (await card(from).boundingBox())!;
    const there = (await page.getByRole('region', { name: to, exact: true }).boundingBox())!;
    await page.mouse.move(at.x + 20, at.y + 8);
    await page.mouse.down();
    await page.mouse.move(at.x + 60, at.y + 30, { steps: 4 });
    await page.mouse.move(there.x + there.width / 2, there.y + 120, { steps: 8 });
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await page.mouse.move(at.x + 20, at.y + 8);
    await page.mouse.down();
    await page.mouse.move(at.x + 60, at.y + 30, { steps: 4 });
    await page.mouse.move(there.x + there.width / 2, 5, { steps: 8 });
    await page.mouse.up();
    await expect(card(from)).toBeVisible();
    expect(await now()).toBe(from);

    await expect(page.getByRole('link', { name, exact: true })).toHaveCount(1);   // what flew back has arrived
    await carry(page, name, to);
    await expect(page.getByText(`${name} is in ${to} now.`)).toBeVisible();
    await expect(card(to)).toBeVisible();
    expect(await now()).toBe(to);
    await expect(page).toHaveURL((url) => url.pathname.endsWith('/board'));   // letting go was no click on the card
    await page.reload();
    await expect(card(to)).toBeVisible();
    await expect(card(from)).toHaveCount(0);
    await card(to).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
    await page.goBack();
    await expect(card(to)).toBeVisible();
    await expect(card(from)).toHaveCount(0);
  }
});

test('VW4: a saved view is looked at as a board too, and a lead that waits too long says so in list and board', async ({ page, mona }) => {
  const mark = unique();
  await mona.lead({ company: `Viewed ${mark}`, lastName: `In ${mark}`, city: 'York' });
  await mona.lead({ company: `Viewed ${mark}`, lastName: `Out ${mark}`, city: 'Bath' });
  const view = await mona.send('POST', '/api/leads/views', { name: `York ${mark}`, filter: { conditions: [{ field: 'city', operator: 'is', value: 'York' }, { field: 'company', operator: 'is', value: `Viewed ${mark}` }] } });
  await page.goto(`/leads/views/${view.id}`);
  await page.getByRole('link', { name: 'Show as a board' }).click();
  await expect(page.getByRole('region', { name: 'New' }).getByRole('link', { name: `In ${mark}` })).toBeVisible();
  await expect(page.getByRole('link', { name: `Out ${mark}` })).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('1');

  // As in twenty days: the browser's clock goes on, and the service's answer of what is overdue by then.
  const days = 20 * 86_400_000;
  await page.clock.setFixedTime(new Date(Date.now() + days));
  await page.route('**/api/leads/settings', async (route) => {
    const response = await route.fetch();
    const settings = await response.json();
    await route.fulfill({ response, json: { ...settings, overdueBefore: new Date(Date.parse(settings.overdueBefore) + days).toISOString() } });
  });
  await page.reload();
  await expect(page.getByRole('region', { name: 'New' }).getByText('Overdue')).toBeVisible();
  await page.getByRole('link', { name: 'Show as a table' }).click();
  await expect(page).toHaveURL(new RegExp(`/leads/views/${view.id}`));
  await expect(page.getByRole('grid').getByText('Overdue')).toBeVisible();
});
