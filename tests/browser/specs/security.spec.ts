import { test as bare, type Page } from '@playwright/test';
import { actAs, expect, Person, test, unique } from '../fixtures';

/**
 * What somebody might type to have it run at somebody else’s screen, the longest first: shorter fields take a shorter one. It begins as a formula, which a
 * spreadsheet would run.
 */
const mark = 'planted';
const evil = [
  `=1+1;${mark}"'><script>window.ran=1</script><img src=x onerror="window.ran=2"><svg onload="window.ran=3"></svg><a href="javascript:window.ran=4">x</a>{{constructor.constructor('window.ran=5')()}}`,
  `=1+1;${mark}"><img src=x onerror="window.ran=6"><script>window.ran=7</script>`,
  `=${mark}<img src=x onerror=window.ran=8>`,
  'javascript:window.ran=9',
];

interface Schema { properties?: Record<string, Record<string, unknown>> }

/** Fills every text that the API describes for this request; a field that refuses gets something shorter, then nothing. Says what is there now and which fields hold it. */
async function plant(who: Person, path: string, schema: Schema, base: Record<string, unknown>, method = 'POST') {
  const isText = (one: Record<string, unknown>) => Object.keys(one).every((key) => key === 'description' || key === 'default');   // as the documents describe a text
  const planted = Object.entries(schema.properties ?? {}).filter(([, one]) => isText(one)).map(([name]) => name).filter((name) => !(name in base));
  const tried: Record<string, number> = {};
  const text = (name: string) => /^javascript:/.test(evil[tried[name] ?? 0]!) ? evil[3] : `${evil[tried[name] ?? 0]} ${unique()}`;   // some names there may be once only
  const record: Record<string, unknown> = { ...Object.fromEntries(planted.map((name) => [name, text(name)])), ...base };
  for (let i = 0; i < 12; i++) {
    const answer = await who.http.fetch(path, { method, data: record, headers: { 'X-CSRF-Token': (await who.get('/api/session')).antiForgeryToken } });
    const body = await answer.json();
    if (answer.ok()) return { made: body, holds: planted.filter((name) => name in record) };
    const wrong = Object.keys(body.errors ?? {});
    expect(wrong.length, `${path}: ${JSON.stringify(body)}`).toBeGreaterThan(0);
    for (const field of wrong.map((name) => name.split(/[.[]/)[0]!)) {
      tried[field] = (tried[field] ?? 0) + 1;
      if (evil[tried[field]] && planted.includes(field)) record[field] = text(field);
      else { expect(field in base && !planted.includes(field), `${path}: ${JSON.stringify(body)}`).toBe(false); delete record[field]; }
    }
  }
  throw new Error(`${path} accepts nothing`);
}

/** What a request takes of an answer. */
const pick = (answer: Record<string, unknown>, schema: Schema) => Object.fromEntries(Object.keys(schema.properties ?? {}).filter((name) => name in answer).map((name) => [name, answer[name]]));

/** Nothing ran, nothing could: no handler, no address that is a script, no element that was typed. */
async function expectHarmless(page: Page, what: string) {
  const found = await page.evaluate(() => ({
    ran: (window as unknown as { ran?: number }).ran ?? null,
    refused: (window as unknown as { refused: string[] }).refused,
    made: [...document.querySelectorAll('[onerror],[onload],[onclick],a[href^="javascript:" i],[src^="javascript:" i],[action^="javascript:" i],img[src="x"]')].map((one) => one.outerHTML.slice(0, 200)),
  }));
  expect.soft(found, what).toEqual({ ran: null, refused: [], made: [] });
}

test('What people type never runs: scripts in every text field, every page opened, every list exported', async ({ page, admin, mona }) => {
  test.setTimeout(420_000);
  const documents = Object.fromEntries(await Promise.all(['leads', 'accounts', 'opportunities', 'campaigns', 'activities', 'identity', 'capture'].map(async (name) => [name, (await (await admin.http.get(`/openapi/${name}.json`)).json()).components.schemas])));
  const schema = (service: string, name: string) => { const found = documents[service][name] as Schema; expect(found, `${service} ${name}`).toBeTruthy(); return found; };
  const id = unique();

  // Records, each with everything that can be typed.
  const queue = (await plant(admin, '/api/leads/queues', schema('leads', 'SetUpQueuesRequest'), { members: [admin.id] })).made;
  const lead = await plant(admin, '/api/leads', schema('leads', 'CreateLeadRequest'), {});
  expect(lead.holds.length, lead.holds.join()).toBeGreaterThan(15);
  const account = await plant(admin, '/api/accounts', schema('accounts', 'AccountInput'), { billingAddress: { street: evil[0], city: evil[2] } });
  const contact = await plant(admin, '/api/contacts', schema('accounts', 'ContactInput'), { accountId: account.made.id });
  const deal = await plant(admin, '/api/opportunities', schema('opportunities', 'CreateOpportunityRequest'), { accountId: account.made.id, closeDate: '2030-06-30', amount: 5 });
  const campaign = await plant(admin, '/api/campaigns', schema('campaigns', 'CampaignInput'), {});
  await admin.send('POST', `/api/campaigns/${campaign.made.id}/members`, { leadId: lead.made.id });
  for (const record of [{ type: 'lead', id: lead.made.id }, { type: 'account', id: account.made.id }, { type: 'opportunity', id: deal.made.id }]) {
    await plant(admin, '/api/activities/calls', schema('activities', 'LogCallRequest'), { recordType: record.type, recordId: record.id });
    await plant(admin, '/api/activities', schema('activities', 'ActivityInput'), { kind: 'task', dueOn: '2024-01-01', related: [record] });
    await plant(admin, '/api/notes', schema('activities', 'NoteInput'), { related: [record] });
  }
  const file = await admin.http.post(`/api/files?${new URLSearchParams({ name: `${evil[2]}.html`, recordType: 'lead', recordId: lead.made.id })}`, { headers: { 'X-CSRF-Token': (await admin.get('/api/session')).antiForgeryToken, 'content-type': 'application/octet-stream' }, data: Buffer.from(evil[0]!) });
  expect(file.ok(), await file.text()).toBe(true);

  // Setup.
  const user = (await plant(admin, '/api/users', schema('identity', 'UserInput'), { email: `planted.${id}@example.com`, roles: ['Sales Rep'] })).made;
  await admin.send('POST', `/api/users/${user.id}/password`, { password: 'Four words of horses' });
  const [team, other] = [(await plant(admin, '/api/teams', schema('identity', 'TeamInput'), {})).made, (await plant(admin, '/api/teams', schema('identity', 'TeamInput'), {})).made];
  const sharing = await admin.send('POST', '/api/sharing-rules', { recordType: 'lead', ownedByTeamId: team.id, sharedWithTeamId: other.id });
  await plant(admin, '/api/users/me/tokens', schema('identity', 'CreatePersonalTokenRequest'), { scopes: ['leads.read'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() });
  // What all others see as well is put back at the end.
  const role = (await admin.get('/api/roles')).items[0];   // nobody types anything into a role: what it may do is chosen
  const organisation = await admin.get('/api/organisation');
  await admin.send('PUT', '/api/organisation', { ...pick(organisation, schema('identity', 'OrganisationInput')), name: evil[2] }, { 'If-Match': `"${organisation.version}"` });
  const status = await admin.send('POST', '/api/leads/statuses', { name: `${evil[2]} ${id}`.slice(0, 80), category: 'nurturing', sort: 900 });
  const value = (await plant(admin, '/api/leads/pick-lists/source/values', schema('leads', 'SetUpPickListsRequest'), { isActive: true })).made;
  await plant(admin, '/api/clients', schema('identity', 'CreateClientRequest'), { userId: admin.id, scopes: ['leads.read'] });
  const field = (await plant(admin, '/api/leads/custom-fields', schema('leads', 'CreateCustomFieldRequest'), { type: 'pickList', options: [{ value: evil[2], label: evil[1]!.slice(0, 80) }], defaultValue: null })).made;
  const rich = await admin.send('POST', '/api/leads/custom-fields', { label: `Rich ${id}`, type: 'richText' });
  const process = await admin.send('POST', '/api/leads/processes', { name: `${evil[2]} ${id}`, steps: [{ statusId: (await admin.get('/api/leads/statuses'))[0].id, guidance: evil[1] }] });
  await admin.send('POST', `/api/leads/${lead.made.id}/process`, { processId: process.id }, { 'If-Match': `"${(await admin.get(`/api/leads/${lead.made.id}`)).version}"` });
  const pipeline = await admin.send('POST', '/api/opportunities/pipelines', { name: `${evil[2]} ${id}`, stages: ['open', 'won', 'lost'].map((category) => ({ name: `${category} ${evil[2]}`, category, probability: 1 })) });
  await admin.send('POST', '/api/opportunities', { name: evil[1], accountId: account.made.id, closeDate: '2030-06-30', pipelineId: pipeline.id });
  const rule = (await plant(admin, '/api/leads/auto-conversion-rules', schema('leads', 'AutoConversionRuleDetails'), { actingUserId: admin.id, isActive: false, minScore: 99 })).made;
  const form = (await plant(admin, '/api/capture/forms', schema('capture', 'FormInput'), { fields: [{ name: 'lastName', required: true, label: evil[1] }, { name: 'description', label: evil[2] }, { name: 'email' }], consent: { purpose: 'newsletter', text: evil[1] }, pageOnly: false })).made;
  await admin.http.post(`/forms/${form.key}`, { data: { lastName: evil[2], description: evil[0], email: `planted.${id}@site.example` } });
  await admin.send('POST', '/api/leads/views', { name: `${evil[2]} ${id}`, sort: '-score', columns: ['lastName'] });
  const upload = await admin.send('POST', `/api/leads/imports?fileName=${encodeURIComponent(evil[2]!)}.csv`, `Surname,"${evil[1]!.replaceAll('"', '""')}"\n"${evil[2]}","${evil[0]!.replaceAll('"', '""')}"`, { 'content-type': 'text/csv' });
  await expect(async () => {   // every replica knows a new field within two seconds
    const now = await admin.get(`/api/leads/${lead.made.id}`);
    await admin.send('PATCH', `/api/leads/${lead.made.id}`, { custom: { [field.key]: evil[2], [rich.key]: `<b onclick="window.ran=10">bold</b>${evil[0]}` } }, { 'If-Match': `"${now.version}"`, 'content-type': 'application/merge-patch+json' });
  }).toPass();

  await page.addInitScript(() => {
    const kept = window as unknown as { refused: string[] };
    kept.refused = [];
    document.addEventListener('securitypolicyviolation', (event) => kept.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  page.on('dialog', (dialog) => { expect.soft(dialog.message(), 'a dialog').toBe(''); void dialog.dismiss(); });
  const submissions = (await admin.get(`/api/capture/submissions?formId=${form.id}`)).items;
  const pages = [
    '/', '/tasks', '/charts', '/leads', '/leads/board', `/leads/${lead.made.id}`, `/leads/${lead.made.id}/convert`, '/leads/new', '/leads/imports', `/leads/imports/${upload.id}`, '/accounts', `/accounts/${account.made.id}`,
    '/contacts', `/contacts/${contact.made.id}`, '/opportunities', '/opportunities/board', `/opportunities/board?pipeline=${pipeline.id}`, `/opportunities/${deal.made.id}`, '/opportunities/new', '/campaigns', `/campaigns/${campaign.made.id}`, '/setup/users', `/setup/users/${user.id}`, '/setup/teams',
    '/setup/clients', '/setup/custom-fields/leads', `/setup/custom-fields/leads/${field.id}`, '/setup/mapping', '/setup/processes', `/setup/processes/${process.id}`, '/setup/pipelines', `/setup/pipelines/${pipeline.id}`, '/setup/roles', `/setup/roles/${role.id}`, '/setup/organisation', '/setup/sharing', '/setup/statuses', `/setup/statuses/${status.id}`, '/setup/pick-lists', `/setup/pick-lists/source/${value.id}`, '/me', '/setup/queues', `/setup/queues/${queue.id}`,
    '/setup/auto-conversion', `/setup/auto-conversion/${rule.id}`, '/setup/forms', `/setup/forms/${form.id}`, ...submissions.slice(0, 1).map((one: { id: string }) => `/setup/submissions/${one.id}`), `/forms/${form.key}`,
  ];
  await actAs(page, admin);
  for (const path of pages) {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    await expectHarmless(page, path);
  }
  // What opens on demand: search, a record's other tabs, the menu of a person who is called so.
  await page.goto(`/leads/${lead.made.id}`);
  for (const tab of await page.getByRole('tab').all()) { await tab.click(); await expectHarmless(page, 'a tab of the lead'); }
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').fill(mark);
  await expect(page.getByRole('option').filter({ hasText: mark }).first()).toBeVisible();
  await expectHarmless(page, 'search');
  const planted = await Person.signIn(`planted.${id}@example.com`, 'Four words of horses');
  await actAs(page, planted);
  await page.goto('/leads');
  await page.getByRole('button', { name: /^You:/ }).click();
  await expectHarmless(page, 'a person who is called so');
  await planted.http.dispose();

  // Files: downloaded, never shown as pages of ours; cells of a spreadsheet are texts, not formulas.
  const content = await admin.http.get(`/api/files/${(await file.json()).id}/content`);
  expect(content.headers()['content-disposition']).toMatch(/^attachment/);
  expect(content.headers()['x-content-type-options']).toBe('nosniff');
  for (const list of ['leads', 'accounts', 'contacts', 'opportunities', 'campaigns']) {
    const csv = await admin.http.get(`/api/${list}?format=csv&sort=-createdAt`);
    expect(csv.ok(), list).toBe(true);
    expect(csv.headers()).toMatchObject({ 'content-type': expect.stringContaining('text/csv'), 'content-disposition': expect.stringContaining('attachment'), 'x-content-type-options': 'nosniff' });
    const text = await csv.text();
    expect(text, list).toContain(mark);
    expect(text.match(/(^|[,\n])"?=/), `${list}: a cell that a spreadsheet would run`).toBeNull();
  }

  // Put back as it now is: others may have put values or statuses in another order meanwhile, or changed the organisation.
  const again = <T extends { id: string; version: number }>(all: T[], id: string) => all.find((one) => one.id === id)!;
  await expect(async () => {
    const found = again(await admin.get('/api/leads/statuses'), status.id);
    if (found) await admin.send('DELETE', `/api/leads/statuses/${status.id}`, undefined, { 'If-Match': `"${found.version}"` });
  }).toPass();
  await admin.send('DELETE', `/api/sharing-rules/${sharing.id}`, undefined, { 'If-Match': `"${sharing.version}"` });
  await expect(async () => {
    const now = await admin.get('/api/organisation');
    await admin.send('PUT', '/api/organisation', { ...pick(now, schema('identity', 'OrganisationInput')), name: organisation.name }, { 'If-Match': `"${now.version}"` });
  }).toPass();
  await expect(async () => {
    const now = again((await admin.get('/api/leads/pick-lists')).flatMap((one: { values: { id: string; version: number }[] }) => one.values), value.id);
    await admin.send('PUT', `/api/leads/pick-lists/source/values/${value.id}`, { name: value.name, isActive: false }, { 'If-Match': `"${now.version}"` });
  }).toPass();
  for (const one of [field, rich]) await admin.send('DELETE', `/api/leads/custom-fields/${one.id}`, undefined, { 'If-Match': `"${(await admin.get(`/api/leads/custom-fields/${one.id}`)).version}"` });
  expect(lead.holds).toContain('lastName');
  expect(await mona.get('/api/session')).toBeTruthy();
});

bare('The content security policy of every page lets no inline script run, nothing be framed, and nothing come from elsewhere', async ({ page }) => {
  const rita = await Person.signIn('rita.rep@example.com');
  await page.context().addCookies((await rita.http.storageState()).cookies);
  for (const path of ['/', '/leads', '/setup/users']) {
    const answer = (await page.goto(path))!;
    const policy = Object.fromEntries(answer.headers()['content-security-policy']!.split(';').map((part) => part.trim().split(/\s+/)).map(([name, ...values]) => [name, values]));
    const scripts = policy['script-src'] ?? policy['default-src']!;
    expect(scripts, path).not.toContain("'unsafe-inline'");
    expect(scripts, path).not.toContain("'unsafe-eval'");
    expect(scripts.filter((source: string) => /^(https?:|\*|data:|blob:)/.test(source)), path).toEqual([]);
    expect(policy['style-src'], path).not.toContain("'unsafe-inline'");
    expect(policy['object-src'] ?? policy['default-src'], path).toEqual(["'none'"]);
    expect(policy['base-uri'], path).toEqual(["'none'"]);
    expect(policy['frame-ancestors'], path).toEqual(["'none'"]);
    expect(answer.headers()['x-content-type-options'], path).toBe('nosniff');
  }
  // And it holds: a script that gets into the page by whatever way does not run.
  await page.goto('/leads');
  const ran = await page.evaluate(async () => {
    const seen: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    const image = document.createElement('div');
    image.innerHTML = '<img src="data:," onerror="window.ran = true">';
    document.body.append(image);
    // Refused are both: the element, and the handler when the picture fails to load. Or one of them ran, which ends the wait as well.
    const until = performance.now() + 20_000;
    while (seen.filter((one) => one.startsWith('script-src')).length < 2 && !(window as unknown as { ran?: boolean }).ran && performance.now() < until) await new Promise(requestAnimationFrame);
    return { ran: (window as unknown as { ran?: boolean }).ran ?? false, seen: seen.filter((one) => one.startsWith('script-src')).length };
  });
  expect(ran).toEqual({ ran: false, seen: 2 });
  await rita.http.dispose();
});
