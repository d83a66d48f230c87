import { useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import { useMe } from '@/features/session/session';
import { usersQuery } from '@/features/users/queries';
import { ListPage } from '@/shared/list/ListPage';
import { asIs } from '@/shared/list/rows';
import { Since } from '@/shared/list/Since';
import type { Column } from '@/shared/list/types';
import { day, money } from '@/shared/time';
import { CampaignBadge } from './CampaignBadge';
import { campaignFilters, campaignQuery, statusNames, type CampaignRow } from './campaigns';

/** What marketing does, and where it stands. */
export function CampaignList() {
  const me = useMe();
  const users = useQuery(usersQuery);
  const owner = (row: CampaignRow) => users.data?.find((user) => user.id === row.ownerId)?.name;
  const amount = (value: number | null | undefined, row: CampaignRow) => value === null || value === undefined ? null : money(value, row.currency);
  const columns: Column<CampaignRow>[] = [
    { name: 'name', label: 'Name', width: 260, sort: 'name', show: (row) => row.name },
    { name: 'status', label: 'Status', width: 120, show: (row) => <CampaignBadge status={row.status} /> },
    { name: 'type', label: 'Type', width: 140, sort: 'type', show: (row) => row.type },
    { name: 'startsOn', label: 'Starts', width: 120, sort: 'startsOn', show: (row) => row.startsOn && day(row.startsOn) },
    { name: 'endsOn', label: 'Ends', width: 120, sort: 'endsOn', show: (row) => row.endsOn && day(row.endsOn) },
    { name: 'budget', label: 'Budget', width: 120, sort: 'budget', right: true, show: (row) => amount(row.budget, row) },
    { name: 'actualCost', label: 'Actual cost', width: 120, sort: 'actualCost', right: true, show: (row) => amount(row.actualCost, row) },
    { name: 'owner', label: 'Owner', width: 150, show: (row) => owner(row) },
    { name: 'createdAt', label: 'Created', width: 120, sort: 'createdAt', show: (row) => <Since at={row.createdAt} /> },
  ];
  return (
    <ListPage title="Campaigns" name="campaigns" storage="campaigns" base="/campaigns" order="-createdAt" fields={campaignFilters} choices={{ status: Object.keys(statusNames) }} columns={columns} usual={['status', 'type', 'startsOn', 'endsOn', 'budget', 'actualCost', 'owner']}
      cacheKey={['campaigns', 'list']} page={(query, signal) => body(api.campaigns.GET('/api/campaigns', { ...asIs(query), signal }))}
      lines={(row) => ({ title: row.name, badge: <CampaignBadge status={row.status} />, subtitle: row.type, aside: row.startsOn && day(row.startsOn) })} prefetch={(id) => void queries.prefetchQuery(campaignQuery(id))}
      mayCreate={me.may('campaigns.create')} createLabel="New campaign" exports={(search) => `/api/campaigns?${search}&format=csv`} empty="A campaign is something marketing does, with the people it is meant for and how they reacted." hint="Name, type" />
  );
}
