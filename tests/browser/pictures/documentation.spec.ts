import { actAs, expect, test } from '../fixtures';
import { system } from '../system';

const into = '../../docs/images';

test('pictures of the documentation', async ({ page, mona }) => {
  test.setTimeout(240_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { items } = await mona.get('/api/leads?view=myOpen&status=New&limit=1&sort=lastName');
  const lead = items[0];
  await mona.send('PUT', `/api/leads/${lead.id}/score`, { score: 82, grade: 'B' });
  const { items: today } = await mona.get(`/api/activities/timeline?recordType=lead&recordId=${lead.id}`);
  if (today.length === 0) {
    await mona.send('POST', '/api/activities/calls', { text: 'Wants a quote for 40 seats; decides with the head of finance', recordType: 'lead', recordId: lead.id });
    await mona.send('POST', '/api/activities', { kind: 'task', subject: 'Send the quote', dueOn: new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10), related: [{ type: 'lead', id: lead.id }] });
  }
  // Deals on their way, so that the board shows what it is for.
  const pipeline = (await mona.get('/api/opportunities/stages')).find((one: { isDefault: boolean }) => one.isDefault);
  await expect.poll(async () => (await mona.get('/api/opportunities?limit=1&count=true')).count, { timeout: 120_000 }).toBeGreaterThanOrEqual(9);   // the sample data converts some leads
  const { items: deals } = await mona.get(`/api/opportunities?stageId=${pipeline.stages[0].id}&limit=9&sort=name`);
  for (const [i, deal] of deals.entries()) if (i % 4 > 0) await mona.send('POST', `/api/opportunities/${deal.id}/stage`, { stageId: pipeline.stages[i % 4].id });
  const { items: there } = await mona.get('/api/campaigns?name=Spring+fair&limit=1');
  const campaign = there[0] ? await mona.get(`/api/campaigns/${there[0].id}`) : await mona.send('POST', '/api/campaigns', { name: 'Spring fair', type: 'Trade show', status: 'inProgress', startsOn: '2027-03-01', endsOn: '2027-03-03', expectedResponse: 12, budget: 20000, currency: 'EUR' });
  await mona.send('POST', `/api/campaigns/${campaign.id}/members/from-leads`, { query: 'view=current&status=Working' });
  const { items: members } = await mona.get(`/api/campaigns/${campaign.id}/members?limit=8&sort=name`);
  await mona.send('POST', `/api/campaigns/${campaign.id}/members/status`, { statusId: campaign.memberStatuses.find((one: { isResponded: boolean }) => one.isResponded).id, memberIds: members.slice(0, 3).map((one: { id: string }) => one.id) });
  const { items: some } = await mona.get('/api/leads?view=current&status=Qualified&limit=25');
  const bulk = await mona.send('POST', '/api/leads/bulk-conversions', { leadIds: some.map((one: { id: string }) => one.id), dryRun: true });

  const known = (await mona.get('/api/leads/views')).find((one: { name: string }) => one.name === 'Promising in Germany');
  const view = known ?? await mona.send('POST', '/api/leads/views', { name: 'Promising in Germany', sort: '-score', filter: { logic: '1 AND (2 OR 3)', conditions: [{ field: 'country', operator: 'is', value: 'DE' }, { field: 'score', operator: 'gte', value: '40' }, { field: 'status', operator: 'in', value: 'Working,Qualified' }] } });
  await mona.send('PUT', `/api/leads/views/${view.id}/pinned`, { isPinned: true });
  const { items: many } = await mona.get('/api/leads?view=current&status=New&limit=12&sort=-createdAt');
  const changed = await mona.send('POST', '/api/leads/bulk-changes', { action: 'move', status: { status: 'Working' }, leads: many.map((one: { id: string; version: number }, i: number) => ({ id: one.id, version: i === 3 ? one.version + 9 : one.version })) });
  await expect.poll(async () => (await mona.get(`/api/leads/bulk-changes/${changed.id}`)).state).toBe('completed');

  for (const [path, name] of [[`/leads/views/${view.id}`, 'view'], [`/leads/bulk-changes/${changed.id}`, 'bulk-change'], ['/', 'home'], ['/charts', 'charts'], ['/leads', 'leads'], ['/leads/board', 'leads-board'], ['/opportunities/board', 'opportunities-board'], [`/campaigns/${campaign.id}`, 'campaign'], [`/leads/bulk-conversions/${bulk.id}`, 'bulk-conversion'], [`/leads/${lead.id}`, 'lead'], [`/leads/${lead.id}/convert`, 'convert']] as const) {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    await page.waitForFunction(() => document.fonts.status === 'loaded' && document.querySelector('.mantine-Skeleton-root') === null);
    await page.screenshot({ path: `${into}/${name}.png` });
  }
});

test('pictures of imports and of Setup', async ({ page, mona, admin }) => {
  test.setTimeout(180_000);
  const shoot = async (path: string, name: string) => {
    await page.goto(path);
    await page.getByRole('main').getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.waitForFunction(() => document.fonts.status === 'loaded' && document.querySelector('.mantine-Skeleton-root') === null);
    await page.screenshot({ path: `${into}/${name}.png` });
  };
  const file = ['Surname,First name,Firm,Mail,Phone,Country,Stand', 'Okonkwo,Adaeze,Harbour Pumps,adaeze.okonkwo@harbour-pumps.example,+44 20 7946 0101,United Kingdom,A12', 'Lindqvist,Sven,Nordljus,sven.lindqvist(at)nordljus.example,+46 8 123 456 78,Sweden,B3',
    'Moreau,Claire,Atelier Moreau,claire@atelier-moreau.example,,Frnace,C7', 'Haddad,Omar,Haddad Tools,omar@haddad-tools.example,,Lebanon,D1'].join('\n');
  const bring = (name: string) => mona.send('POST', `/api/leads/imports?fileName=${name}`, file, { 'content-type': 'text/csv' });
  const [first, second] = [await bring('trade-show.csv'), await bring('trade-show.csv')];
  await mona.send('POST', `/api/leads/imports/${second.id}/start`, { mapping: { Surname: 'lastName', 'First name': 'firstName', Firm: 'company', Mail: 'email', Phone: 'phone', Country: 'country' } });
  await expect.poll(async () => (await mona.get(`/api/leads/imports/${second.id}`)).state).toBe('completed');
  await shoot(`/leads/imports/${first.id}`, 'import');
  await shoot(`/leads/imports/${second.id}`, 'import-errors');

  await actAs(page, admin);
  const field = await admin.send('POST', '/api/leads/custom-fields', { label: 'Region', type: 'pickList', help: 'Where the delivery would go', options: [{ value: 'North' }, { value: 'South' }, { value: 'Overseas', isActive: false }], defaultValue: 'North' });
  const form = await admin.send('POST', '/api/capture/forms', {
    name: 'Contact', title: 'Talk to us', description: 'We answer within a day.', source: 'Web',
    fields: [{ name: 'lastName', required: true }, { name: 'email', required: true }, { name: 'company' }, { name: 'description', label: 'How can we help?' }],
  });
  const role = (await admin.get('/api/roles')).items.find((one: { name: string }) => one.name === 'Sales Manager');
  await expect.poll(async () => (await admin.get('/api/leads/custom-fields')).items.length).toBe(1);
  await shoot(`/setup/custom-fields/leads/${field.id}`, 'custom-field');
  await shoot(`/setup/forms/${form.id}`, 'form');
  await shoot('/setup/pick-lists', 'pick-lists');
  await shoot('/setup/users', 'users');
  await shoot(`/setup/roles/${role.id}`, 'role');

  await page.context().clearCookies();
  await page.request.post('/api/session', { data: { email: 'rita.rep@example.com', password: system.samplePassword } });
  await shoot('/me', 'account');
});
