import type { Person } from '../fixtures';

/** Every page of the client: a name, and where it is in a system as it stands. Pages of a record are there when there is one. */
export async function everyPage(admin: Person): Promise<[string, string][]> {
  const first = async (path: string) => { const answer = await admin.get(path); return (Array.isArray(answer) ? answer : answer.items)[0]?.id as string | undefined; };
  const [lead, account, contact, deal, campaign, form, submission, field, team, role, user, queue, process, status, upload, pipeline, bulk, conversion, view] = await Promise.all([
    first('/api/leads?view=current&sort=-createdAt&limit=1'), first('/api/accounts?sort=-createdAt&limit=1'), first('/api/contacts?sort=-createdAt&limit=1'), first('/api/opportunities?sort=-createdAt&limit=1'), first('/api/campaigns?sort=-createdAt&limit=1'),
    first('/api/capture/forms?limit=1'), first('/api/capture/submissions?limit=1'), first('/api/leads/custom-fields'), first('/api/teams'), first('/api/roles'), first('/api/users?limit=1'), first('/api/leads/queues'), first('/api/leads/processes'), first('/api/leads/statuses'),
    first('/api/leads/imports?limit=1'), first('/api/opportunities/stages'), first('/api/leads/bulk-changes?limit=1'), first('/api/leads/bulk-conversions?limit=1'), first('/api/leads/views'),
  ]);
  const of = (name: string, path: string, id: string | undefined): [string, string][] => id ? [[name, `${path}/${id}`]] : [];
  return [
    ['home', '/'], ['tasks', '/tasks'], ['charts', '/charts'], ['leads', '/leads'], ['leads-my-open', '/leads/my-open'], ['leads-board', '/leads/board'], ['leads-view-board', '/leads/views/myOpen/board'], ['lead-new', '/leads/new'], ...of('lead', '/leads', lead), ...lead ? [['convert', `/leads/${lead}/convert`] as [string, string]] : [],
    ['imports', '/leads/imports'], ['import-new', '/leads/imports/new'], ...of('import', '/leads/imports', upload), ['bulk-changes', '/leads/bulk-changes'], ...of('bulk-change', '/leads/bulk-changes', bulk), ['bulk-conversions', '/leads/bulk-conversions'], ...of('bulk-conversion', '/leads/bulk-conversions', conversion), ...of('view', '/leads/views', view),
    ['accounts', '/accounts'], ['account-new', '/accounts/new'], ...of('account', '/accounts', account), ['contacts', '/contacts'], ...of('contact', '/contacts', contact), ['opportunities', '/opportunities'], ['opportunities-board', '/opportunities/board'], ['opportunity-new', '/opportunities/new'], ...of('opportunity', '/opportunities', deal),
    ['campaigns', '/campaigns'], ['campaign-new', '/campaigns/new'], ...of('campaign', '/campaigns', campaign), ['me', '/me'], ['setup', '/setup'], ['users', '/setup/users'], ...of('user', '/setup/users', user), ['teams', '/setup/teams'], ...of('team', '/setup/teams', team), ['roles', '/setup/roles'], ...of('role', '/setup/roles', role),
    ['clients', '/setup/clients'], ['client-new', '/setup/clients/new'], ['organisation', '/setup/organisation'], ['sharing', '/setup/sharing'], ['custom-fields', '/setup/custom-fields/leads'], ['custom-field-new', '/setup/custom-fields/leads/new'], ...of('custom-field', '/setup/custom-fields/leads', field), ['mapping', '/setup/mapping'],
    ['pick-lists', '/setup/pick-lists'], ['pick-list-value-new', '/setup/pick-lists/source/new'], ['stale-and-overdue', '/setup/stale-and-overdue'], ['statuses', '/setup/statuses'], ...of('status', '/setup/statuses', status), ['processes', '/setup/processes'], ...of('process', '/setup/processes', process), ['pipelines', '/setup/pipelines'], ...of('pipeline', '/setup/pipelines', pipeline), ['queues', '/setup/queues'], ...of('queue', '/setup/queues', queue),
    ['auto-conversion', '/setup/auto-conversion'], ['auto-conversion-new', '/setup/auto-conversion/new'], ['forms', '/setup/forms'], ['form-new', '/setup/forms/new'], ...of('form', '/setup/forms', form), ['submissions', '/setup/submissions?status=all'], ...of('submission', '/setup/submissions', submission), ['messages', '/setup/messages'], ['not-found', '/nothing/here'],
  ];
}
