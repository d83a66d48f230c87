import { api, body, ifMatch, newKey } from '@/api/client';
import { queries } from '@/api/queries';
import type { Editing } from '@/shared/record/types';
import { leadChanged, leadQuery, type Lead, type LeadRow, type Page } from './queries';

/** How the fields of a lead are edited. */
export const leadEditing: Editing<Lead> = {
  read: (id) => queries.fetchQuery({ ...leadQuery(id), staleTime: 0 }),
  patch: (id, version, change) => body(api.leads.PATCH('/api/leads/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: change, headers: { 'content-type': 'application/merge-patch+json' } })),
  history: (id) => body(api.leads.GET('/api/leads/{id}/history', { params: { path: { id }, query: { limit: 20 } } })),
  keep: (lead) => void leadChanged(lead),
};

/** The same in the cells of lists; the row says at once what it says now, before the list is asked for anew. */
export const rowEditing: Editing<LeadRow> = {
  ...leadEditing,
  keep: (now) => {
    queries.setQueriesData<{ pages: Page[] }>({ queryKey: ['leads', 'list'], predicate: ({ state }) => Array.isArray((state.data as { pages?: unknown } | undefined)?.pages) }, (list) => list && {
      ...list, pages: list.pages.map((page) => page.items.every((row) => row.id !== now.id) ? page : ({ ...page, items: page.items.map((row) => row.id === now.id ? { ...row, ...Object.fromEntries(Object.keys(row).filter((name) => name in now).map((name) => [name, now[name as keyof LeadRow]])) } : row) })),
    });
    leadEditing.keep(now as unknown as Lead);
  },
} as Editing<LeadRow>;

export async function move(lead: Lead, status: string, more: { reason?: string; followUpInDays?: number } = {}): Promise<Lead> {
  const moved = await body(api.leads.POST('/api/leads/{id}/status', { params: { path: { id: lead.id }, header: { 'If-Match': ifMatch(lead.version), 'Idempotency-Key': newKey() } }, body: { status, ...more } }));
  void leadChanged(moved);
  void queries.invalidateQueries({ queryKey: ['leads', 'history', lead.id] });
  void queries.invalidateQueries({ queryKey: ['activities'] });
  return moved;
}

export async function reopen(lead: Lead): Promise<Lead> {
  const reopened = await body(api.leads.POST('/api/leads/{id}/reopen', { params: { path: { id: lead.id }, header: { 'If-Match': ifMatch(lead.version), 'Idempotency-Key': newKey() } } }));
  void leadChanged(reopened);
  return reopened;
}

export async function handTo(lead: Lead, to: { ownerId?: string; queueId?: string }): Promise<Lead> {
  const handed = await body(api.leads.POST('/api/leads/{id}/owner', { params: { path: { id: lead.id }, header: { 'If-Match': ifMatch(lead.version), 'Idempotency-Key': newKey() } }, body: to }));
  void leadChanged(handed);
  return handed;
}
