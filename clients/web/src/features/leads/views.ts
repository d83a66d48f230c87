import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';
import type { Condition } from '@/shared/list/conditions';

export type View = components['schemas']['ViewAnswer'];
type ViewDetails = components['schemas']['ViewDetails'];

/** A view as it is edited. */
export interface ViewDraft {
  name: string; conditions: Condition[]; logic: string; sort: string; columns: string[]; everyone: boolean; userIds: string[]; teamIds: string[];
}

export const viewsQuery = queryOptions({ queryKey: ['leads', 'views'], queryFn: () => body(api.leads.GET('/api/leads/views')), staleTime: 60_000 });

/** Views that have addresses of their own, which the navigation names. */
const places: Record<string, string> = { all: '/leads', myOpen: '/leads/my-open', current: '/leads/current' };
export const placeOf = (view: string) => places[view] ?? `/leads/views/${view}`;
export const isInNavigation = (view: string) => view in places;

export const draftOf = (view: View): ViewDraft => ({
  name: view.name, conditions: conditionsOf(view), logic: view.filter.logic ?? '', sort: view.sort ?? '', columns: view.columns,
  everyone: view.sharedWith?.everyone ?? false, userIds: view.sharedWith?.userIds ?? [], teamIds: view.sharedWith?.teamIds ?? [],
});

export const conditionsOf = (view: View): Condition[] => (view.filter.conditions ?? []).map(({ field, operator, value }) => ({ field, operator: operator ?? 'is', value: value ?? '' }));

const detailsOf = (draft: ViewDraft): ViewDetails => ({
  name: draft.name, filter: { conditions: draft.conditions, logic: draft.logic.trim() || null }, sort: draft.sort || null, columns: draft.columns,
  sharedWith: { everyone: draft.everyone, userIds: draft.userIds, teamIds: draft.teamIds },
});

export const createView = (draft: ViewDraft, key: string) => changed(body(api.leads.POST('/api/leads/views', { params: { header: { 'Idempotency-Key': key } }, body: detailsOf(draft) })));
export const changeView = (view: View, draft: ViewDraft) => changed(body(api.leads.PUT('/api/leads/views/{id}', { params: { path: { id: view.id }, header: { 'If-Match': ifMatch(view.version) } }, body: detailsOf(draft) })));
export const deleteView = (view: View) => changed(api.leads.DELETE('/api/leads/views/{id}', { params: { path: { id: view.id }, header: { 'If-Match': ifMatch(view.version) } } }));
export const pinView = (view: View, isPinned: boolean) => changed(api.leads.PUT('/api/leads/views/{id}/pinned', { params: { path: { id: view.id } }, body: { isPinned } }));

/** What views there are, and what they show, is asked for anew. */
async function changed<T>(doing: Promise<T>): Promise<T> {
  const answer = await doing;
  void queries.invalidateQueries({ queryKey: ['leads', 'list'] });
  await queries.invalidateQueries({ queryKey: ['leads', 'views'] });
  return answer;
}
