import { expect, people as test, unique } from '../fixtures';

/** One record of every kind, each called as long as it may be. */
test('records with very long names', async ({ admin }) => {
  const long = 'Wolfeschlegelsteinhausenbergerdorff';
  const name = `${long}${long} ${long} ${unique()}`;
  const lead = await admin.send('POST', '/api/leads', { firstName: long, lastName: `${long}${long}`, company: name, title: long.repeat(3), email: `${'a'.repeat(60)}@${'b'.repeat(60)}.example`, phone: '+442079460123', nextStep: long.repeat(6), source: 'Partner', score: 82, grade: 'B', description: `${long} `.repeat(20) });
  const account = await admin.send('POST', '/api/accounts', { name, website: `https://${'c'.repeat(60)}.example/${long}` });
  await admin.send('POST', '/api/contacts', { firstName: long, lastName: `${long}${long}`, accountId: account.id, title: long.repeat(2) });
  await admin.send('POST', '/api/opportunities', { name, accountId: account.id, amount: 123456789012, closeDate: '2030-06-30' });
  const campaign = await admin.send('POST', '/api/campaigns', { name, type: long });
  await admin.send('POST', `/api/campaigns/${campaign.id}/members`, { leadId: lead.id });
  await admin.send('POST', '/api/activities/calls', { text: `${long} `.repeat(8), recordType: 'lead', recordId: lead.id });
  await admin.send('POST', '/api/activities', { kind: 'task', subject: long.repeat(5), dueOn: '2024-01-01', related: [{ type: 'lead', id: lead.id }] });
  await admin.send('POST', '/api/notes', { title: long.repeat(3), html: `<p>${long.repeat(20)}</p>`, related: [{ type: 'lead', id: lead.id }] });
  await admin.send('POST', '/api/leads/queues', { name: name.slice(0, 80), members: [admin.id] });
  await admin.send('POST', '/api/teams', { name: name.slice(0, 80) });
  await admin.send('POST', '/api/users', { name, email: `${unique()}@example.com`, roles: ['Sales Rep'] });
  await admin.send('POST', '/api/leads/custom-fields', { label: `F ${name}`.slice(0, 80), type: 'pickList', help: name, options: [{ value: name.slice(0, 200) }] });
  await admin.send('POST', '/api/opportunities/pipelines', { name: name.slice(0, 100), stages: ['open', 'won', 'lost'].map((category) => ({ name: `${category} ${long}${long}`.slice(0, 100), category })) });
  const form = await admin.send('POST', '/api/capture/forms', { name, description: name, fields: [{ name: 'lastName', required: true }, { name: 'email', label: name.slice(0, 200) }], pageOnly: true });
  await admin.http.post(`/forms/${form.key}`, { data: { lastName: name.slice(0, 90), email: `${unique()}@site.example` } });
  const upload = await admin.send('POST', `/api/leads/imports?fileName=${encodeURIComponent(name.slice(0, 100))}.csv`, `Surname,Firm,Mail,${name.slice(0, 60)}\n${name.slice(0, 60)},${name.slice(0, 60)},no address,${name}`, { 'content-type': 'text/csv' });
  await admin.send('POST', `/api/leads/imports/${upload.id}/start`, { mapping: { Surname: 'lastName', Firm: 'company', Mail: 'email' } });
  await admin.send('POST', '/api/leads/bulk-changes', { leads: [{ id: lead.id, version: 99 }], action: 'move', status: { status: 'Working' } });
  await expect.poll(async () => (await admin.get(`/api/leads/imports/${upload.id}`)).state).toBe('completed');
});
