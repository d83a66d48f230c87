import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch, newKey } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/opportunities';
import type { FilterField } from '@/shared/list/types';
import { rowChanged } from '@/shared/list/windows';
import type { Editing, Section } from '@/shared/record/types';

export type Opportunity = components['schemas']['OpportunityResponse'];
export type OpportunityRow = components['schemas']['ListOpportunitiesItem'];
export type Stage = components['schemas']['StageResponse'];

export const opportunityQuery = (id: string) => queryOptions({ queryKey: ['opportunities', 'one', id], queryFn: ({ signal }) => body(api.opportunities.GET('/api/opportunities/{id}', { params: { path: { id } }, signal })) });

export const pipelinesQuery = queryOptions({ queryKey: ['opportunities', 'stages'], queryFn: () => body(api.opportunities.GET('/api/opportunities/stages')), staleTime: 5 * 60_000 });

export const opportunitiesChanged = () => queries.invalidateQueries({ queryKey: ['opportunities', 'list'] });

export const opportunityEditing: Editing<Opportunity> = {
  read: (id) => queries.fetchQuery({ ...opportunityQuery(id), staleTime: 0 }),
  patch: (id, version, change) => body(api.opportunities.PATCH('/api/opportunities/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: change, headers: { 'content-type': 'application/merge-patch+json' } })),
  history: (id) => body(api.opportunities.GET('/api/opportunities/{id}/history', { params: { path: { id }, query: { limit: 20 } } })),
  keep: (opportunity) => { queries.setQueryData(opportunityQuery(opportunity.id).queryKey, opportunity); void rowChanged('opportunities', opportunity.id); },
};

export const sendToStage = (one: { id: string; version: number }, stageId: string, reason?: string) =>
  body(api.opportunities.POST('/api/opportunities/{id}/stage', { params: { path: { id: one.id }, header: { 'If-Match': ifMatch(one.version), 'Idempotency-Key': newKey() } }, body: { stageId, reason: reason ?? null } }));

export async function moveStage(opportunity: Opportunity, stageId: string, reason?: string): Promise<Opportunity> {
  const moved = await sendToStage(opportunity, stageId, reason);
  opportunityEditing.keep(moved);
  void queries.invalidateQueries({ queryKey: ['opportunities', 'moves', opportunity.id] });
  return moved;
}

export const removeOpportunity = (one: Opportunity) => api.opportunities.DELETE('/api/opportunities/{id}', { params: { path: { id: one.id }, header: { 'If-Match': ifMatch(one.version) } } });
export const restoreOpportunity = (id: string) => api.opportunities.POST('/api/opportunities/{id}/restore', { params: { path: { id }, header: { 'Idempotency-Key': newKey() } } });

export const opportunitySections: Section[] = [{
  title: 'Opportunity',
  fields: [
    { name: 'name', label: 'Name', kind: 'text' }, { name: 'amount', label: 'Amount', kind: 'money', currency: 'currency' }, { name: 'currency', label: 'Currency', kind: 'currency' }, { name: 'closeDate', label: 'Close date', kind: 'date' },
    { name: 'probability', label: 'Probability %', kind: 'number' }, { name: 'nextStep', label: 'Next step', kind: 'long' }, { name: 'type', label: 'Type', kind: 'text' }, { name: 'source', label: 'Source', kind: 'text' }, { name: 'description', label: 'Description', kind: 'long' },
  ],
}];

export const opportunityFilters: FilterField[] = [
  { name: 'stage', label: 'Stage', kind: 'choice' }, { name: 'stageCategory', label: 'Outcome', kind: 'choice' }, { name: 'ownerId', label: 'Owner', kind: 'owner' }, { name: 'name', label: 'Name', kind: 'text' }, { name: 'amount', label: 'Amount', kind: 'number' },
  { name: 'closeDate', label: 'Close date', kind: 'day' }, { name: 'probability', label: 'Probability', kind: 'number' }, { name: 'source', label: 'Source', kind: 'text' }, { name: 'createdAt', label: 'Created', kind: 'date' },
];
