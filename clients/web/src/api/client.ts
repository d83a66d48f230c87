import createClient, { type Middleware } from 'openapi-fetch';
import { Problem } from './problem';
import type { paths as AccountPaths } from '@/api/schema/accounts';
import type { paths as ActivityPaths } from '@/api/schema/activities';
import type { paths as CampaignPaths } from '@/api/schema/campaigns';
import type { paths as CapturePaths } from '@/api/schema/capture';
import type { paths as IdentityPaths } from '@/api/schema/identity';
import type { paths as LeadPaths } from '@/api/schema/leads';
import type { paths as OpportunityPaths } from '@/api/schema/opportunities';
import type { paths as SessionPaths } from '@/api/schema/session';

let antiForgeryToken = '';
let whenSignedOut = () => {};

/** Writes carry this; it comes with the session and stays in memory. */
export function rememberAntiForgeryToken(token: string) { antiForgeryToken = token; }

/** Called when the server says that nobody is signed in any more. */
export function onSignedOut(action: () => void) { whenSignedOut = action; }

const rules: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-CSRF-Token', antiForgeryToken);
    return request;
  },
  async onResponse({ request, response }) {
    if (response.ok) return response;
    const problem = await Problem.from(response);
    if (response.status === 401 && !new URL(request.url).pathname.startsWith('/api/session')) whenSignedOut();
    throw problem;
  },
  onError({ error }) {
    return error instanceof DOMException && error.name === 'AbortError' ? error : Problem.offline();
  },
};

function client<Paths extends object>() {
  const made = createClient<Paths>({ baseUrl: '/' });
  made.use(rules);
  return made;
}

/** One client per service; types come from the services' own documents. */
export const api = {
  session: client<SessionPaths>(),
  leads: client<LeadPaths>(),
  accounts: client<AccountPaths>(),
  opportunities: client<OpportunityPaths>(),
  activities: client<ActivityPaths>(),
  campaigns: client<CampaignPaths>(),
  capture: client<CapturePaths>(),
  identity: client<IdentityPaths>(),
};

/** The answer's body. A request that failed has thrown a `Problem` before. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** The version of a record as the requests that change it name it. */
export const ifMatch = (version: number) => `"${version}"`;

/** A key that makes a request safe to repeat. */
export const newKey = () => crypto.randomUUID();
