import { actAs, expect, test } from '../fixtures';
import { system } from '../system';

const into = '../../docs/images';

test('pictures of the documentation', async ({ page, mona }) => {
  test.setTimeout(120_000);
  const { items } = await mona.get('/api/leads?view=myOpen&status=New&limit=1&sort=lastName');
  const lead = items[0];
  await mona.send('PUT', `/api/leads/${lead.id}/score`, { score: 82, grade: 'B' });
  const { items: today } = await mona.get(`/api/activities/timeline?recordType=lead&recordId=${lead.id}`);
  if (today.length === 0) {
    await mona.send('POST', '/api/activities/calls', { text: 'Wants a quote for 40 seats; decides with the head of finance', recordType: 'lead', recordId: lead.id });
    await mona.send('POST', '/api/activities', { kind: 'task', subject: 'Send the quote', dueOn: new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10), related: [{ type: 'lead', id: lead.id }] });
  }
  for (const [path, name] of [['/leads', 'leads'], [`/leads/${lead.id}`, 'lead'], [`/leads/${lead.id}/convert`, 'convert']] as const) {
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
  await shoot('/setup/users', 'users');
  await shoot(`/setup/roles/${role.id}`, 'role');

  await page.context().clearCookies();
  await page.request.post('/api/session', { data: { email: 'rita.rep@example.com', password: system.samplePassword } });
  await shoot('/me', 'account');
});
