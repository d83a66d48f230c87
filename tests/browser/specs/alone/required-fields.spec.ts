import { expect, test, unique } from '../../fixtures';

test('UI6: a conversion names every required field that it would leave empty, and changes nothing until they are dealt with', async ({ page, admin, mona }) => {
  const mark = unique();
  const lead = await mona.lead();
  // Required for everybody who saves a record: that is why nothing else runs meanwhile.
  const region = await admin.send('POST', '/api/accounts/custom-fields', { label: `Region ${mark}`, type: 'text', isRequired: true });
  const seats = await admin.send('POST', '/api/opportunities/custom-fields', { label: `Seats ${mark}`, type: 'number', isRequired: true });
  try {
    const missing = async () => Object.keys((await mona.send('POST', `/api/leads/${lead.id}/conversions`, { account: { mode: 'create' }, contact: { mode: 'create' }, opportunity: { mode: 'create' }, dryRun: true })).errors ?? {}).sort();
    await expect.poll(missing).toEqual([`account.custom.${region.key}`, `opportunity.custom.${seats.key}`]);   // every replica knows within two seconds

    await page.goto(`/leads/${lead.id}/convert`);
    const verdict = page.getByRole('status').filter({ hasText: mark });
    await expect(verdict).toContainText(`Account: Region ${mark}`);
    await expect(verdict).toContainText(`Opportunity: Seats ${mark}`);
    await expect(page.getByRole('button', { name: 'Convert lead' })).toBeDisabled();

    await page.getByRole('group', { name: 'Opportunity' }).getByRole('radio', { name: 'None' }).check();
    await expect(verdict).not.toContainText('Seats');
    await expect(verdict).toContainText(`Account: Region ${mark}`);
    await expect(page.getByRole('button', { name: 'Convert lead' })).toBeDisabled();
    expect((await mona.get(`/api/leads/${lead.id}`)).version).toBe(lead.version);
  } finally {
    for (const [records, field] of [['accounts', region], ['opportunities', seats]] as const) await admin.send('DELETE', `/api/${records}/custom-fields/${field.id}`, undefined, { 'If-Match': `"${field.version}"` });
  }
  await expect.poll(async () => (await mona.send('POST', `/api/leads/${lead.id}/conversions`, { account: { mode: 'create' }, contact: { mode: 'create' }, opportunity: { mode: 'none' }, dryRun: true })).status).toBe(202);
});
