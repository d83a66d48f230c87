import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch, newKey } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/campaigns';
import type { FilterField } from '@/shared/list/types';
import { rowChanged } from '@/shared/list/windows';
import type { Editing, Section } from '@/shared/record/types';

export type Campaign = components['schemas']['CampaignResponse'];
export type CampaignRow = components['schemas']['CampaignListItem'];
export type CampaignStatus = components['schemas']['CampaignStatus'];
export type Member = components['schemas']['MemberResponse'];
export type Added = components['schemas']['AddedMembers'];

export const statusNames: Record<CampaignStatus, string> = { planned: 'Planned', inProgress: 'In progress', completed: 'Completed', aborted: 'Aborted' };

export const campaignQuery = (id: string) => queryOptions({ queryKey: ['campaigns', 'one', id], queryFn: ({ signal }) => body(api.campaigns.GET('/api/campaigns/{id}', { params: { path: { id } }, signal })) });

export const countsQuery = (id: string) => queryOptions({ queryKey: ['campaigns', 'members', id, 'counts'], queryFn: () => body(api.campaigns.GET('/api/campaigns/{id}/members/counts', { params: { path: { id } } })) });

export const campaignsChanged = () => queries.invalidateQueries({ queryKey: ['campaigns', 'list'] });

export function membersChanged(id?: string) {
  void queries.invalidateQueries({ queryKey: ['campaigns', 'of-lead'] });
  void queries.invalidateQueries({ queryKey: ['campaigns', 'of-contact'] });
  return queries.invalidateQueries({ queryKey: id ? ['campaigns', 'members', id] : ['campaigns', 'members'] });
}

export const campaignEditing: Editing<Campaign> = {
  read: (id) => queries.fetchQuery({ ...campaignQuery(id), staleTime: 0 }),
  patch: (id, version, change) => body(api.campaigns.PATCH('/api/campaigns/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: change, headers: { 'content-type': 'application/merge-patch+json' } })),
  history: (id) => body(api.campaigns.GET('/api/campaigns/{id}/history', { params: { path: { id }, query: { limit: 20 } } })),
  keep: (campaign) => { queries.setQueryData(campaignQuery(campaign.id).queryKey, campaign); void rowChanged('campaigns', campaign.id); },
};

export const removeCampaign = (one: Campaign) => api.campaigns.DELETE('/api/campaigns/{id}', { params: { path: { id: one.id }, header: { 'If-Match': ifMatch(one.version) } } });
export const restoreCampaign = (id: string) => api.campaigns.POST('/api/campaigns/{id}/restore', { params: { path: { id }, header: { 'Idempotency-Key': newKey() } } });

/** Puts people into a campaign; who is in it already, or is not there, is told by number. */
export async function addMembers(id: string, who: { leadIds?: string[]; contactIds?: string[] } | { query: string }, statusId: string | null): Promise<Added> {
  const params = { path: { id }, header: { 'Idempotency-Key': newKey() } };
  const added = 'query' in who
    ? await body(api.campaigns.POST('/api/campaigns/{id}/members/from-leads', { params, body: { query: who.query, statusId } }))
    : await body(api.campaigns.POST('/api/campaigns/{id}/members/from-list', { params, body: { leadIds: who.leadIds ?? [], contactIds: who.contactIds ?? [], statusId } }));
  await membersChanged(id);
  return added;
}

export const moveMembers = (id: string, statusId: string, memberIds: string[]) =>
  body(api.campaigns.POST('/api/campaigns/{id}/members/status', { params: { path: { id }, header: { 'Idempotency-Key': newKey() } }, body: { statusId, memberIds } }));

export const removeMembers = (id: string, memberIds: string[]) =>
  body(api.campaigns.POST('/api/campaigns/{id}/members/remove', { params: { path: { id }, header: { 'Idempotency-Key': newKey() } }, body: { memberIds } }));

export const restoreMember = (id: string, memberId: string) =>
  api.campaigns.POST('/api/campaigns/{id}/members/{memberId}/restore', { params: { path: { id, memberId }, header: { 'Idempotency-Key': newKey() } } });

/** What came of adding people, in one sentence. */
export function inWords(added: Added, campaign: string): string {
  const left = [added.alreadyMembers && `${added.alreadyMembers} ${added.alreadyMembers === 1 ? 'was' : 'were'} in it already`, added.notFound && `${added.notFound} could not be found`].filter(Boolean).join(', ');
  return `${added.added} added to ${campaign}${left && `; ${left}`}.`;
}

export const campaignSections: Section[] = [{
  title: 'Campaign',
  fields: [
    { name: 'name', label: 'Name', kind: 'text' }, { name: 'type', label: 'Type', kind: 'text' }, { name: 'startsOn', label: 'Starts', kind: 'date' }, { name: 'endsOn', label: 'Ends', kind: 'date' },
    { name: 'expectedResponse', label: 'Expected response %', kind: 'number' }, { name: 'budget', label: 'Budget', kind: 'money', currency: 'currency' }, { name: 'actualCost', label: 'Actual cost', kind: 'money', currency: 'currency' },
    { name: 'currency', label: 'Currency', kind: 'currency' }, { name: 'description', label: 'Description', kind: 'long' },
  ],
}];

export const campaignFilters: FilterField[] = [
  { name: 'name', label: 'Name', kind: 'text' }, { name: 'status', label: 'Status', kind: 'choice' }, { name: 'type', label: 'Type', kind: 'text' }, { name: 'ownerId', label: 'Owner', kind: 'owner' },
  { name: 'startsOn', label: 'Starts', kind: 'day' }, { name: 'endsOn', label: 'Ends', kind: 'day' }, { name: 'budget', label: 'Budget', kind: 'number' }, { name: 'createdAt', label: 'Created', kind: 'date' },
];
