import { put } from './broker';
import { expect, unique, type Person } from './fixtures';

/** One record of every kind that has a page, each called `name` as far as that fits: a page of it has something to show. Answers their ids. `word` is a long word of the name. */
export async function oneOfEach(admin: Person, name: string, word = name): Promise<Record<string, string>> {
  const mark = unique();
  const called = `${word}${word}`.slice(0, 100);
  const twin = await admin.send('POST', '/api/leads', { lastName: called.slice(0, 80), company: name, score: 12 });
  const lead = await admin.send('POST', '/api/leads', { firstName: word.slice(0, 40), lastName: called.slice(0, 80), company: name, title: word.repeat(3).slice(0, 128), email: `${mark}${'a'.repeat(40)}@${'b'.repeat(60)}.example`, phone: '+442079460123', nextStep: word.repeat(6).slice(0, 255), source: 'Partner', score: 82, grade: 'B', description: `${word} `.repeat(20) });
  const account = await admin.send('POST', '/api/accounts', { name, website: `https://${mark}${'c'.repeat(40)}.example/${word}` });
  const contact = await admin.send('POST', '/api/contacts', { firstName: word.slice(0, 40), lastName: called.slice(0, 80), accountId: account.id, title: word.repeat(2).slice(0, 128) });
  const deal = await admin.send('POST', '/api/opportunities', { name, accountId: account.id, amount: 123456789012, closeDate: '2030-06-30' });
  const campaign = await admin.send('POST', '/api/campaigns', { name, type: word.slice(0, 40) });
  await admin.send('POST', `/api/campaigns/${campaign.id}/members`, { leadId: lead.id });
  await admin.send('POST', '/api/activities/calls', { text: `${word} `.repeat(8), recordType: 'lead', recordId: lead.id });
  await admin.send('POST', '/api/activities', { kind: 'task', subject: word.repeat(5).slice(0, 255), dueOn: '2024-01-01', related: [{ type: 'lead', id: lead.id }] });
  await admin.send('POST', '/api/notes', { title: word.repeat(3).slice(0, 200), html: `<p>${word.repeat(20)}</p>`, related: [{ type: 'lead', id: lead.id }] });
  const view = await admin.send('POST', '/api/leads/views', { name: name.slice(0, 80), filter: { conditions: [{ field: 'company', operator: 'is', value: name }] } });
  const upload = await admin.send('POST', `/api/leads/imports?fileName=${encodeURIComponent(name.slice(0, 100))}.csv`, `Surname,Firm,Mail,${name.slice(0, 60)}\n${name.slice(0, 60)},${name.slice(0, 60)},no address,${name}`, { 'content-type': 'text/csv' });
  await admin.send('POST', `/api/leads/imports/${upload.id}/start`, { mapping: { Surname: 'lastName', Firm: 'company', Mail: 'email' } });
  const uploaded = await admin.send('POST', '/api/leads/imports?fileName=ready.csv', `Surname,Firm,${name.slice(0, 60)}\nA,B,${name}`, { 'content-type': 'text/csv' });
  const bulk = await admin.send('POST', '/api/leads/bulk-changes', { leads: [{ id: lead.id, version: 99 }], action: 'move', status: { status: 'Working' } });
  const conversion = await admin.send('POST', '/api/leads/bulk-conversions', { leadIds: [lead.id, twin.id], dryRun: true });

  const queue = await admin.send('POST', '/api/leads/queues', { name: `${mark} ${name}`.slice(0, 80), members: [admin.id] });
  const team = await admin.send('POST', '/api/teams', { name: `${mark} ${name}`.slice(0, 80) });
  const user = await admin.send('POST', '/api/users', { name, email: `${mark}@example.com`, roles: ['Sales Rep'] });
  const client = await admin.send('POST', '/api/clients', { name: `${mark} ${name}`.slice(0, 100), userId: user.id, scopes: ['leads.read'] });
  const field = await admin.send('POST', '/api/leads/custom-fields', { label: `F ${mark} ${name}`.slice(0, 80), type: 'pickList', help: name, options: [{ value: name.slice(0, 200) }, { value: 'Other', isActive: false }] });
  const accountField = await admin.send('POST', '/api/accounts/custom-fields', { label: `F ${mark} ${name}`.slice(0, 80), type: 'multiSelect', options: [{ value: name.slice(0, 200) }, { value: 'Other' }] });
  const gone = await admin.send('POST', '/api/leads/custom-fields', { label: `G ${mark} ${name}`.slice(0, 80), type: 'text' });
  await admin.send('DELETE', `/api/leads/custom-fields/${gone.id}`, undefined, { 'If-Match': `"${gone.version}"` });   // stays in the list of deleted ones
  const pipeline = await admin.send('POST', '/api/opportunities/pipelines', { name: `${mark} ${name}`.slice(0, 100), stages: ['open', 'won', 'lost'].map((category) => ({ name: `${category} ${called}`.slice(0, 100), category })) });
  const rule = await admin.send('POST', '/api/leads/auto-conversion-rules', { name: `${mark} ${name}`.slice(0, 80), actingUserId: admin.id, isActive: false, minScore: 99 });
  const form = await admin.send('POST', '/api/capture/forms', { name, description: name, fields: [{ name: 'lastName', required: true }, { name: 'email', label: name.slice(0, 200) }], consent: { purpose: 'newsletter', text: name }, frameAncestors: ['https://www.example.com'], pageOnly: true });
  await admin.http.post(`/forms/${form.key}`, { data: { lastName: name.slice(0, 90), email: `${mark}@site.example` } });
  const submission = (await admin.get(`/api/capture/submissions?formId=${form.id}`)).items[0];
  const strange = await put('leads-record-activity', `LeadCrm.Tomorrow:${word.slice(0, 100)}`, { recordId: lead.id, note: name });
  const parked = async () => (await admin.get('/api/operations/leads/messages?limit=100')).items.find((one: { messageId: string }) => one.messageId === strange);
  await expect.poll(async () => !!await parked()).toBe(true);
  await expect.poll(async () => (await admin.get(`/api/leads/imports/${upload.id}`)).state).toBe('completed');
  const [roles, statuses, processes, pickLists] = [(await admin.get('/api/roles')).items, await admin.get('/api/leads/statuses'), await admin.get('/api/leads/processes'), await admin.get('/api/leads/pick-lists')];
  return {
    lead: lead.id, account: account.id, contact: contact.id, deal: deal.id, campaign: campaign.id, view: view.id, upload: upload.id, uploaded: uploaded.id, bulk: bulk.id, conversion: conversion.id, queue: queue.id, team: team.id, user: user.id,
    client: client.clientId, field: field.id, accountField: accountField.id, pipeline: pipeline.id, rule: rule.id, form: form.id, submission: submission.id, role: roles[0].id, status: statuses[0].id, process: processes[0].id,
    message: (await parked()).id, source: pickLists.find((one: { list: string }) => one.list === 'source').values[0].id,
  };
}
