import { useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import { useMe } from '@/features/session/session';
import { usersQuery } from '@/features/users/queries';
import { useCustomList } from '@/shared/custom/lists';
import { ListPage } from '@/shared/list/ListPage';
import { asIs } from '@/shared/list/rows';
import { Since } from '@/shared/list/Since';
import type { Column } from '@/shared/list/types';
import { Loading } from '@/shared/States';
import { accountFilters, accountQuery, type AccountRow } from './accounts';

/** The businesses one deals with. */
export function AccountList() {
  const me = useMe();
  const custom = useCustomList<AccountRow>('accounts');
  const users = useQuery(usersQuery);
  const owner = (row: AccountRow) => users.data?.find((user) => user.id === row.ownerId)?.name;
  const columns: Column<AccountRow>[] = [
    { name: 'name', label: 'Name', width: 240, sort: 'name', show: (row) => row.name },
    { name: 'type', label: 'Type', width: 120, sort: 'type', show: (row) => row.type },
    { name: 'industry', label: 'Industry', width: 150, sort: 'industry', show: (row) => row.industry },
    { name: 'owner', label: 'Owner', width: 150, show: (row) => owner(row) },
    { name: 'phone', label: 'Phone', width: 150, show: (row) => row.phone },
    { name: 'website', label: 'Website', width: 200, show: (row) => row.website },
    { name: 'city', label: 'City', width: 130, show: (row) => row.billingCity },
    { name: 'rating', label: 'Rating', width: 90, sort: 'rating', show: (row) => row.rating },
    { name: 'nextActivityAt', label: 'Next activity', width: 130, sort: 'nextActivityAt', show: (row) => <Since at={row.nextActivityAt} /> },
    { name: 'lastTouchAt', label: 'Last touch', width: 120, sort: 'lastTouchAt', show: (row) => <Since at={row.lastTouchAt} /> },
    { name: 'createdAt', label: 'Created', width: 120, sort: 'createdAt', show: (row) => <Since at={row.createdAt} /> },
  ];
  if (custom.isPending) return <Loading lines={12} label="Loading the list" />;
  return (
    <ListPage title="Accounts" name="accounts" storage="accounts" base="/accounts" order="name" fields={[...accountFilters, ...custom.filters]} choices={custom.choices} columns={[...columns, ...custom.columns]} usual={['type', 'industry', 'owner', 'phone', 'city', 'nextActivityAt', 'lastTouchAt', 'createdAt']}
      cacheKey={['accounts', 'list']} page={(query, signal) => body(api.accounts.GET('/api/accounts', { ...asIs(query), signal }))}
      lines={(row) => ({ title: row.name, subtitle: row.industry ?? row.website, aside: owner(row) })} prefetch={(id) => void queries.prefetchQuery(accountQuery(id))}
      mayCreate={me.may('accounts.create')} createLabel="New account" exports={(search) => `/api/accounts?${search}&format=csv`} empty="Accounts are the businesses you deal with. Converting a lead makes one." hint="Name, website, phone" />
  );
}
