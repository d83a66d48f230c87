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
import { contactFilters, contactQuery, nameOfContact, type ContactRow } from './contacts';

/** The people at accounts. */
export function ContactList() {
  const me = useMe();
  const custom = useCustomList<ContactRow>('contacts');
  const users = useQuery(usersQuery);
  const owner = (row: ContactRow) => users.data?.find((user) => user.id === row.ownerId)?.name;
  const columns: Column<ContactRow>[] = [
    { name: 'lastName', label: 'Name', width: 220, sort: 'lastName', show: (row) => nameOfContact(row) },
    { name: 'account', label: 'Account', width: 220, show: (row) => row.accountName },
    { name: 'title', label: 'Title', width: 160, sort: 'title', show: (row) => row.title },
    { name: 'email', label: 'E-mail', width: 230, sort: 'email', show: (row) => row.email },
    { name: 'phone', label: 'Phone', width: 150, show: (row) => row.phone },
    { name: 'owner', label: 'Owner', width: 150, show: (row) => owner(row) },
    { name: 'nextActivityAt', label: 'Next activity', width: 130, sort: 'nextActivityAt', show: (row) => <Since at={row.nextActivityAt} /> },
    { name: 'lastTouchAt', label: 'Last touch', width: 120, sort: 'lastTouchAt', show: (row) => <Since at={row.lastTouchAt} /> },
    { name: 'createdAt', label: 'Created', width: 120, sort: 'createdAt', show: (row) => <Since at={row.createdAt} /> },
  ];
  if (custom.isPending) return <Loading lines={12} label="Loading the list" />;
  return (
    <ListPage title="Contacts" name="contacts" storage="contacts" base="/contacts" order="lastName" fields={[...contactFilters, ...custom.filters]} choices={custom.choices} columns={[...columns, ...custom.columns]} usual={['account', 'title', 'email', 'phone', 'owner', 'lastTouchAt', 'createdAt']}
      cacheKey={['contacts', 'list']} page={(query, signal) => body(api.accounts.GET('/api/contacts', { ...asIs(query), signal }))}
      lines={(row) => ({ title: nameOfContact(row), subtitle: row.accountName ?? row.email, aside: row.title })} prefetch={(id) => void queries.prefetchQuery(contactQuery(id))}
      mayCreate={me.may('contacts.create')} createLabel="New contact" exports={(search) => `/api/contacts?${search}&format=csv`} empty="Contacts are the people at accounts. Converting a lead makes one." hint="Name, e-mail, phone" />
  );
}
