import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';
import { useMe } from '@/features/session/session';
import { rowChanged } from '@/shared/list/windows';

export type Lead = components['schemas']['LeadResponse'];
export type LeadDetails = components['schemas']['LeadDetails'];
export type LeadRow = components['schemas']['ListLeadsItem'];
export type Status = components['schemas']['SetUpStatusesAnswer'];
export type StatusCategory = components['schemas']['LeadStatusCategory'];
export type Page = components['schemas']['ListPageOfListLeadsItem'];

export const leadQuery = (id: string) => queryOptions({
  queryKey: ['leads', 'one', id],
  queryFn: ({ signal }) => body(api.leads.GET('/api/leads/{id}', { params: { path: { id } }, signal })),
});

export const statusesQuery = queryOptions({
  queryKey: ['leads', 'statuses'],
  queryFn: async () => (await body(api.leads.GET('/api/leads/statuses'))).toSorted((a, b) => a.sort - b.sort),
  staleTime: 5 * 60_000,
});

export const processQuery = (id: string | null | undefined) => queryOptions({
  queryKey: ['leads', 'process', id ?? 'default'],
  queryFn: () => id ? body(api.leads.GET('/api/leads/processes/{id}', { params: { path: { id } } })) : body(api.leads.GET('/api/leads/path')),
  staleTime: 5 * 60_000,
});

export const readLeadSettings = () => body(api.leads.GET('/api/leads/settings'));

/** After how many days a lead is stale or overdue, and within how many hours a new one is answered. */
export const settingsQuery = queryOptions({ queryKey: ['leads', 'settings'], queryFn: readLeadSettings, staleTime: 5 * 60_000 });

export const queuesQuery = queryOptions({
  queryKey: ['leads', 'queues'],
  queryFn: () => body(api.leads.GET('/api/leads/queues')),
  staleTime: 5 * 60_000,
});

/** Figures of the navigation. */
export function useLeadCounts() {
  const me = useMe();
  const counts = useQuery({
    queryKey: ['leads', 'counts', me.id],
    queryFn: async () => {
      const count = async (query: string) => (await body(api.leads.GET('/api/leads', { params: { query: {} }, querySerializer: () => `view=myOpen&limit=1&count=true${query}` }))).count ?? 0;
      const [myOpen, unread] = await Promise.all([count(''), count('&unread=true')]);
      return { myOpen, unread };
    },
    enabled: me.may('leads.read'),
    staleTime: 60_000,
  });
  return counts.data ?? { myOpen: 0, unread: 0 };
}

/** How many leads a view holds, for the navigation. */
export const viewCountQuery = (view: string) => queryOptions({
  queryKey: ['leads', 'counts', 'view', view],
  queryFn: async () => (await body(api.leads.GET('/api/leads', { params: { query: {} }, querySerializer: () => new URLSearchParams({ view, limit: '1', count: 'true' }).toString() }))).count ?? 0,
  staleTime: 60_000,
});

/** After a change: the record as it now is, and the lists that it is or may be in. */
export function leadChanged(lead: Lead) {
  queries.setQueryData(leadQuery(lead.id).queryKey, lead);
  void queries.invalidateQueries({ queryKey: ['leads', 'counts'] });
  return rowChanged('leads', lead.id);
}

export function listsChanged() {
  void queries.invalidateQueries({ queryKey: ['leads', 'counts'] });
  return queries.invalidateQueries({ queryKey: ['leads', 'list'] });
}

export const nameOf = (lead: { firstName?: string | null; lastName?: string | null; salutation?: string | null }) => [lead.firstName, lead.lastName].filter(Boolean).join(' ');
