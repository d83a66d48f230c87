import { test as bare } from '@playwright/test';
import { expect, Person, test, unique } from '../fixtures';

test('LD5: a lead is added, edited and qualified along the path', async ({ page, mona }) => {
  const mark = unique();
  await page.goto('/leads');
  await page.getByRole('link', { name: 'New lead' }).click();
  await page.getByLabel('Last name').fill(`Noether ${mark}`);
  await page.getByLabel('Company').fill(`Symmetry ${mark}`);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Noether ${mark}`);
  const id = page.url().split('/').at(-1)!;

  await page.getByRole('button', { name: /^Show \d+ empty$/ }).click();
  await page.getByRole('button', { name: 'Edit Need' }).click();
  await page.getByRole('textbox', { name: 'Need' }).fill('Forty seats by spring');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Saved')).toBeVisible();

  const path = page.getByRole('list', { name: 'Status' });
  for (const step of ['Working', 'Qualified']) {
    await path.getByRole('button', { name: step, exact: true }).click();   // one click a step
    await expect(path.getByRole('button', { name: step, exact: true })).toHaveAttribute('aria-current', 'step');
  }
  const lead = await mona.get(`/api/leads/${id}`);
  expect([lead.status, lead.need]).toEqual(['Qualified', 'Forty seats by spring']);
});

test('LC2: a lead that is turned down leaves Current with a task, and comes back to the status it held', async ({ page, mona }) => {
  const lead = await mona.lead();
  await mona.send('POST', `/api/leads/${lead.id}/status`, { status: 'Working' });
  await page.goto(`/leads/${lead.id}`);
  await page.getByRole('list', { name: 'Status' }).getByRole('button', { name: 'Not Qualified' }).click();
  await page.getByLabel('Why is it not qualified?').fill('Next year perhaps');
  await page.getByRole('dialog').getByText('7 days', { exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Move to Not Qualified' }).click();
  await expect(page.getByText('Next year perhaps', { exact: true })).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('region', { name: 'Upcoming' }).getByRole('listitem')).toHaveCount(1, { timeout: 2_000 });
  }).toPass();

  await page.goto(`/leads/current?company=${encodeURIComponent(lead.company)}`);
  await expect(page.getByText('No lead is as the filters say.')).toBeVisible();
  await page.goto(`/leads/${lead.id}`);
  await page.getByRole('button', { name: 'Reopen now' }).click();
  await expect(page.getByText('Open again, as Working.')).toBeVisible();
  await page.goto(`/leads/current?company=${encodeURIComponent(lead.company)}`);
  await expect(page.getByRole('row', { name: /Ada Byron/ })).toContainText('Working');
});

test('VW8: ten leads are worked through by keyboard alone: log, set the status, plan, next', async ({ page, mona }) => {
  test.slow();
  const company = `Round ${unique()}`;
  for (let i = 0; i < 10; i++) await mona.lead({ company, lastName: `Ten ${i}` });
  await page.goto(`/leads?company=${encodeURIComponent(company)}&sort=lastName`);
  await expect(page.getByRole('grid')).toBeFocused();
  await expect(page.getByRole('row', { name: /Ten 9/ })).toBeVisible();
  await page.keyboard.press('Enter');
  for (let i = 0; i < 10; i++) {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Ada Ten ${i}`);
    await expect(page.getByText(`${i + 1} of 10`)).toBeVisible();
    await page.keyboard.press('l');
    await expect(page.getByLabel('Log a call')).toBeFocused();
    await page.keyboard.type(`Spoke with number ${i}`);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Past' }).getByText(`Spoke with number ${i}`)).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('list', { name: 'Status' }).getByRole('button', { name: 'Working' })).toHaveAttribute('aria-current', 'step');
    await page.keyboard.press('t');
    await expect(page.getByLabel('What is to be done')).toBeFocused();
    await page.keyboard.type('Send the quote');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Upcoming' })).toContainText('Send the quote');
    if (i < 9) await page.keyboard.press('j');
  }
  expect((await mona.get(`/api/leads?company=${encodeURIComponent(company)}&status=Working&count=true`)).count).toBe(10);
});

/** Somebody with little to do, so that one knows what is on the page. */
bare('VW8: Home says what is overdue, due and whom to call next, and each is done where it stands', async ({ page }) => {
  const rolf = await Person.signIn('rolf.rep@example.com');
  await page.context().addCookies((await rolf.http.storageState()).cookies);
  const lead = await rolf.lead({ score: 99 });
  const name = `${lead.firstName} ${lead.lastName}`;
  await rolf.send('PATCH', `/api/leads/${lead.id}`, { mobile: '+447700900123' }, { 'If-Match': `"${lead.version}"`, 'content-type': 'application/merge-patch+json' });
  const today = new Date().toISOString().slice(0, 10);
  const other = await rolf.lead();
  await rolf.send('POST', '/api/activities', { kind: 'task', subject: `Call back ${name}`, dueOn: today, related: [{ type: 'lead', id: other.id }] });

  await page.goto('/');
  const next = page.getByRole('region', { name: 'Call next' });
  await expect(next.getByRole('listitem').filter({ hasText: name })).toContainText('Score 99');
  // The lead with a task for today goes before the one that nobody has touched, whatever its score.
  await expect(next.getByRole('listitem').filter({ hasText: other.lastName })).toContainText('something is due today');
  const order = (await rolf.get('/api/leads/call-next?limit=100')).items.map((item: { lead: { id: string } }) => item.lead.id);
  expect(order.indexOf(other.id)).toBeLessThan(order.indexOf(lead.id));
  await next.getByRole('button', { name: `Log a call with ${name}` }).click();   // two clicks and a line: this, and Log
  await page.getByLabel(`What was said with ${name}`).fill('Wants to see it');
  await next.getByRole('button', { name: 'Log', exact: true }).last().click();
  await expect(page.getByText(`The call with ${name} is logged.`)).toBeVisible();
  await expect(next.getByText(name)).toHaveCount(0);
  await page.getByRole('checkbox', { name: `Done: Call back ${name}` }).click();
  await expect(page.getByRole('checkbox', { name: `Done: Call back ${name}` })).toHaveCount(0);

  await page.getByRole('region', { name: 'By status' }).getByText('As a table').click();
  await page.getByRole('region', { name: 'By status' }).getByRole('link', { name: 'New' }).click();
  await expect(page).toHaveURL(/\/leads\/my-open\?status/);
  await expect(page.getByRole('button', { name: 'Status is New', exact: true })).toBeVisible();
  await rolf.http.dispose();
});

test('VW7: charts count what the filters leave, and each segment leads to its leads', async ({ page, mona }) => {
  const company = `Charted ${unique()}`;
  await mona.lead({ company, source: 'Partner', country: 'DE', industry: 'Energy' });
  await mona.lead({ company, source: 'Partner', country: 'GB' });
  await mona.lead({ company, source: 'Event', country: 'GB' });
  await page.goto(`/charts?company=${encodeURIComponent(company)}`);
  for (const [chart, segment, count] of [['By source', 'Partner', 2], ['By country', 'United Kingdom', 2], ['By industry', 'Not known', 2], ['By owner', 'Mona Okafor', 3], ['By status', 'New', 3]] as const) {
    const region = page.getByRole('region', { name: chart });
    await region.getByText('As a table').click();
    await expect(region.getByRole('row', { name: new RegExp(segment) })).toContainText(String(count));
  }
  // A click on a bar goes where the table's line goes.
  const drawn = page.getByRole('region', { name: 'By source' }).getByRole('img');
  await expect(drawn.locator('canvas')).toBeVisible();
  const box = (await drawn.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + 18);
  await expect(page).toHaveURL(/\/leads\?company=.*source=Partner/);
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All2');

  await page.goto(`/charts?company=${encodeURIComponent(company)}`);
  const months = page.getByRole('region', { name: 'By month of creation' });
  await months.getByText('As a table').click();
  await months.getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: /^All/ })).toHaveText('All3');
});

test('AV5: a file and a note are put on a lead, and taken away with a way back', async ({ page, mona }) => {
  const lead = await mona.lead();
  await page.goto(`/leads/${lead.id}`);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'File', exact: true }).click();
  await (await chooser).setFiles({ name: 'offer.txt', mimeType: 'text/plain', buffer: Buffer.from('Forty seats') });
  await expect(page.getByText('offer.txt is here now.')).toBeVisible();
  const file = page.getByRole('region', { name: 'Past' }).getByRole('link', { name: 'offer.txt' });
  await expect(file).toBeVisible();
  const download = page.waitForEvent('download');
  await file.click();
  expect((await download).suggestedFilename()).toBe('offer.txt');

  await page.getByRole('button', { name: 'Note', exact: true }).click();
  await page.getByRole('textbox', { name: 'Note' }).fill('Decides in May');
  await page.getByRole('button', { name: 'Save note' }).click();
  await expect(page.getByRole('region', { name: 'Past' })).toContainText('Decides in May');
  await page.getByRole('button', { name: 'More for offer.txt' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(file).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(file).toBeVisible();
});

test('UI8: a note is edited where it stands, and what somebody else made of it meanwhile is shown beside it', async ({ page, mona }) => {
  const lead = await mona.lead();
  const note = await mona.send('POST', '/api/notes', { title: 'Decides in May', html: '<p>Decides in May<br>with the board</p><p>A &amp; B compete</p>', related: [{ type: 'lead', id: lead.id }] });
  const rich = await mona.send('POST', '/api/notes', { title: 'Visit', html: '<p>They want <b>forty</b> seats</p>', related: [{ type: 'lead', id: lead.id }] });
  await page.goto(`/leads/${lead.id}`);
  const past = page.getByRole('region', { name: 'Past' });
  await past.getByRole('button', { name: 'Edit Decides in May' }).click();
  await expect(past.getByRole('textbox', { name: 'Note' })).toHaveValue('Decides in May\nwith the board\n\nA & B compete');
  await past.getByRole('textbox', { name: 'Note' }).fill('Decides in June\n\nA < B');
  await page.keyboard.press('Control+Enter');
  await expect(past.getByRole('button', { name: 'Edit Decides in June' })).toBeFocused();
  const now = await mona.get(`/api/notes/${note.id}`);
  expect([now.title, now.html]).toEqual(['Decides in June', '<p>Decides in June</p><p>A &lt; B</p>']);

  // Formatting that a program has put into a note stays, and so does a title that is not its first line.
  await past.getByRole('button', { name: 'Edit Visit' }).click();
  await past.getByRole('textbox', { name: 'Note (HTML)' }).fill('<p>They want <b>fifty</b> seats</p>');
  const theirs = await mona.send('PATCH', `/api/notes/${rich.id}`, { html: '<p>They want <b>sixty</b> seats</p>' }, { 'If-Match': `"${rich.version}"`, 'content-type': 'application/merge-patch+json' });
  await page.keyboard.press('Control+Enter');
  const conflict = page.getByRole('alertdialog', { name: 'Note (HTML) was changed meanwhile' });
  await expect(conflict).toContainText('Mona Okafor made it <p>They want <b>sixty</b> seats</p>');
  expect((await mona.get(`/api/notes/${rich.id}`)).version).toBe(theirs.version);
  await conflict.getByRole('button', { name: 'Save mine' }).click();
  await expect(past.getByRole('button', { name: 'Edit Visit' })).toBeVisible();
  const kept = await mona.get(`/api/notes/${rich.id}`);
  expect([kept.title, kept.html]).toEqual(['Visit', '<p>They want <b>fifty</b> seats</p>']);
});
