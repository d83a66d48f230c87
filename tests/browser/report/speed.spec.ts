import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { actAs, people as test } from '../fixtures';
import { observe, seen, settled } from './observe';

/**
 * How fast the main pages are, with what the system holds: written to `LEADCRM_REPORT`. Each page is opened five times (`LEADCRM_TIMES`) in a fresh document; the middle one counts.
 * Interactions are what people do there most; their time is to the next paint, as the browser's event timing says.
 */
interface Figures { lcp: number; shift: number; inp: number; script: number }

const middle = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
/** How often each page is opened. */
const times = Number(process.env.LEADCRM_TIMES ?? 5);

test('how fast the main pages are', async ({ page, admin }) => {
  await actAs(page, admin);
  await page.addInitScript(observe);
  const count = (await admin.get('/api/leads?limit=1&count=exact')).count as number;
  const lead = (await admin.get('/api/leads?view=current&limit=1&sort=-createdAt')).items[0].id as string;
  const grid = async () => { for (const key of ['j', 'j', 'k', 'x', 'x', 'End', 'Home']) { await page.keyboard.press(key); await settled(page); } };
  const pages: [string, string, () => Promise<void>][] = [
    ['Home', '/', async () => { await page.keyboard.press('Tab'); await page.keyboard.press('Tab'); }],
    ['Leads: list', '/leads', grid],
    ['Leads: filtered', '/leads?status=New&sort=lastName', grid],
    ['Leads: board', '/leads/board', async () => { await page.keyboard.press('Tab'); await page.keyboard.press('Tab'); }],
    ['A lead', `/leads/${lead}`, async () => { await page.getByRole('button', { name: 'Log a call' }).click(); await page.keyboard.type('Wants a quote'); await page.getByRole('tab', { name: 'History' }).click(); }],
    ['A lead: convert', `/leads/${lead}/convert`, async () => { await page.getByRole('group', { name: 'Opportunity' }).getByLabel('Name').fill('Engine'); }],
    ['Accounts', '/accounts', grid], ['Opportunities: board', '/opportunities/board', async () => { await page.keyboard.press('Tab'); }], ['Charts', '/charts', async () => { await page.getByText('As a table').first().click(); }], ['Tasks', '/tasks', async () => { await page.keyboard.press('Tab'); }],
  ];
  const rows: string[] = [];
  for (const [name, path, act] of pages) {
    const runs: Figures[] = [];
    for (let i = 0; i < times; i++) {
      let script = 0;
      const add = (answer: { url: () => string; headers: () => Record<string, string> }) => { if (new URL(answer.url()).pathname.endsWith('.js')) script += Number(answer.headers()['content-length'] ?? 0); };
      await page.goto('about:blank');
      const session = await page.context().newCDPSession(page);
      if (i === 0) await session.send('Network.clearBrowserCache');
      page.on('response', add);
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      const { lcp } = await seen(page);
      await act();
      await settled(page);
      const now = await seen(page);
      runs.push({ lcp, shift: now.shift, inp: now.inp, script });
      page.off('response', add);
      await session.detach();
    }
    const of = (field: keyof Figures) => middle(runs.map((run) => run[field]));
    rows.push(`| ${name} | ${Math.round(of('lcp'))} | ${of('inp') ? Math.round(of('inp')) : 'under 16'} | ${of('shift').toFixed(3)} | ${Math.round(runs[0]!.script / 1000)} |`);
  }

  const text = `# The web client, measured

Written by \`tests/browser/report/run\` on ${new Date().toISOString().slice(0, 10)}. Debian's Chromium on the machine that also runs the system (${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB), 1440×900, ${count.toLocaleString('en-GB')} leads, as the administrator,
who sees all of them. Each page ${times === 1 ? 'once' : `${times} times`} in a fresh document${times === 1 ? '' : ', the middle one counts'}; script as it comes over the line on a first visit (Brotli).

| page | largest contentful paint, ms | interaction to next paint, ms | layout shift | script on a first visit, kB |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Goals: interaction under 200 ms, layout shift under 0.1, the list of leads under 250 kB of script (a test of every run measures that too).
`;
  if (process.env.LEADCRM_REPORT) writeFileSync(process.env.LEADCRM_REPORT, text);
  console.log(text);
});
