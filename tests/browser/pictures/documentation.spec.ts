import { test } from '../fixtures';

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
