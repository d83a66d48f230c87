import AxeBuilder from '@axe-core/playwright';
import { expect, request, test as base, type APIRequestContext, type Page } from '@playwright/test';
import { system } from './system';

/** What a signed-in person can do besides clicking: requests through the gateway, as the client makes them. */
export class Person {
  private constructor(readonly http: APIRequestContext, private readonly token: string, readonly id: string) {}

  static async signIn(email: string, password = system.samplePassword): Promise<Person> {
    const http = await request.newContext({ baseURL: system.gateway });
    const answer = await http.post('/api/session', { data: { email, password } });
    expect(answer.status(), await answer.text()).toBe(200);
    const session = await answer.json();
    return new Person(http, session.antiForgeryToken, session.userId);
  }

  /** Services hear of each other's new records within moments: what is refused because a record is not known yet is sent again until it is. */
  async send(method: string, path: string, data?: unknown, headers: Record<string, string> = {}) {
    const once = () => this.http.fetch(path, { method, data, headers: { 'X-CSRF-Token': this.token, ...headers } });
    let answer = await once();
    for (const until = Date.now() + 10_000; answer.status() === 422 && /There is no such (lead|account|contact|opportunity)\b/.test(await answer.text()) && Date.now() < until;) {
      await new Promise((later) => { setTimeout(later, 200); });
      answer = await once();
    }
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
    return answer.status() === 204 ? null : await answer.json();
  }

  get(path: string) { return this.send('GET', path); }

  /** A lead with a company and a phone of its own, so that tests do not see each other's, and none is a duplicate of another. */
  async lead(more: Record<string, unknown> = {}) {
    const mark = unique();
    return this.send('POST', '/api/leads', { firstName: 'Ada', lastName: `Byron ${mark}`, company: `Engines ${mark}`, email: `ada.${mark}@engines-${mark}.example`, phone: `+4420794${String((process.pid * 211 + made) % 100_000).padStart(5, '0')}`, ...more });
  }

  patchLead(lead: { id: string; version: number }, change: Record<string, unknown>) {
    return this.send('PATCH', `/api/leads/${lead.id}`, change, { 'If-Match': `"${lead.version}"`, 'content-type': 'application/merge-patch+json' });
  }
}

let made = 0;
export const unique = () => `${process.pid.toString(36)}${Date.now().toString(36)}${(made++).toString(36)}`;

/** Whose session the browser of this page has from now on. */
export async function actAs(page: Page, person: Person) {
  await page.context().clearCookies();
  await page.context().addCookies((await person.http.storageState()).cookies);
}

/** `mona` is a sales manager, one of the sample users; `admin` is the administrator, whom every system has. */
export const people = base.extend<{ mona: Person; admin: Person }, { manager: Person; administrator: Person }>({
  manager: [async ({}, use) => { const person = await Person.signIn('mona.manager@example.com'); await use(person); await person.http.dispose(); }, { scope: 'worker' }],
  administrator: [async ({}, use) => { const person = await Person.signIn('admin@leadcrm.local', system.adminPassword); await use(person); await person.http.dispose(); }, { scope: 'worker' }],
  mona: async ({ manager }, use) => use(manager),
  admin: async ({ administrator }, use) => use(administrator),
});

/**
 * Mona is signed in in the browser of `page`; her requests share nothing with the browser's session. `actAs` puts somebody else into it. What the browser complains
 * about fails the test.
 */
export const test = people.extend({
  page: async ({ page, manager }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => { if (message.type() === 'error' && /Content Security Policy|Warning:|hydrat/i.test(message.text())) complaints.push(message.text()); });
    await page.context().addCookies((await manager.http.storageState()).cookies);
    await use(page);
    expect(complaints, 'what the browser complained about').toEqual([]);
  },
});

export { expect };

/** Nothing that axe finds serious or critical (WCAG 2.2 A and AA). */
export async function expectAccessible(page: Page, what: string, only?: string) {
  const axe = new AxeBuilder({ page });
  const { violations } = await (only ? axe.withRules(only) : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])).analyze();
  const bad = violations.filter((violation) => violation.impact === 'serious' || violation.impact === 'critical');
  expect.soft(bad.map((violation) => `${violation.id}: ${violation.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim()})`).join('; ')}`), what).toEqual([]);
}

/** Nothing wider than the window: nobody has to scroll sideways (WCAG 1.4.10). */
export async function expectNoSidewaysScroll(page: Page, what: string) {
  const wide = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('body, #content')].filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => `${element.id || element.tagName} ${element.scrollWidth} > ${element.clientWidth}`));
  expect.soft(wide, what).toEqual([]);
}
