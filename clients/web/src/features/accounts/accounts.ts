import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch, newKey } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/accounts';
import type { FilterField } from '@/shared/list/types';
import { rowChanged } from '@/shared/list/windows';
import type { Editing, Field, Section } from '@/shared/record/types';

export type Account = components['schemas']['AccountResponse'];
export type AccountRow = components['schemas']['AccountListItem'];

export const accountQuery = (id: string) => queryOptions({ queryKey: ['accounts', 'one', id], queryFn: ({ signal }) => body(api.accounts.GET('/api/accounts/{id}', { params: { path: { id } }, signal })) });

export const accountsChanged = () => queries.invalidateQueries({ queryKey: ['accounts', 'list'] });

export const accountEditing: Editing<Account> = {
  read: (id) => queries.fetchQuery({ ...accountQuery(id), staleTime: 0 }),
  patch: (id, version, change) => body(api.accounts.PATCH('/api/accounts/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: change, headers: { 'content-type': 'application/merge-patch+json' } })),
  history: (id) => body(api.accounts.GET('/api/accounts/{id}/history', { params: { path: { id }, query: { limit: 20 } } })),
  keep: (account) => { queries.setQueryData(accountQuery(account.id).queryKey, account); void rowChanged('accounts', account.id); },
};

export const removeAccount = (account: Account) => api.accounts.DELETE('/api/accounts/{id}', { params: { path: { id: account.id }, header: { 'If-Match': ifMatch(account.version) } } });
export const restoreAccount = (id: string) => api.accounts.POST('/api/accounts/{id}/restore', { params: { path: { id }, header: { 'Idempotency-Key': newKey() } } });

export const addressFields = (name: string): Field[] => [
  { name: `${name}.street`, label: 'Street', kind: 'long' }, { name: `${name}.postalCode`, label: 'Postal code', kind: 'text' }, { name: `${name}.city`, label: 'City', kind: 'text' },
  { name: `${name}.state`, label: 'State', kind: 'text' }, { name: `${name}.country`, label: 'Country', kind: 'text' },
];

export const accountSections: Section[] = [
  {
    title: 'Account',
    fields: [
      { name: 'name', label: 'Name', kind: 'text' }, { name: 'type', label: 'Type', kind: 'text' }, { name: 'industry', label: 'Industry', kind: 'text' }, { name: 'website', label: 'Website', kind: 'url' },
      { name: 'phone', label: 'Phone', kind: 'phone' }, { name: 'otherPhone', label: 'Other phone', kind: 'phone' }, { name: 'fax', label: 'Fax', kind: 'text' }, { name: 'employees', label: 'Employees', kind: 'number' },
      { name: 'annualRevenue', label: 'Annual revenue', kind: 'money', currency: 'revenueCurrency' }, { name: 'revenueCurrency', label: 'Revenue currency', kind: 'currency' },
      { name: 'rating', label: 'Rating', kind: 'text' }, { name: 'source', label: 'Source', kind: 'text' }, { name: 'description', label: 'Description', kind: 'long' },
    ],
  },
  { title: 'Billing address', fields: addressFields('billingAddress') },
  { title: 'Shipping address', fields: addressFields('shippingAddress') },
];

export const accountFilters: FilterField[] = [
  { name: 'name', label: 'Name', kind: 'text' }, { name: 'ownerId', label: 'Owner', kind: 'owner' }, { name: 'type', label: 'Type', kind: 'text' }, { name: 'industry', label: 'Industry', kind: 'text' },
  { name: 'rating', label: 'Rating', kind: 'text' }, { name: 'phone', label: 'Phone', kind: 'text' }, { name: 'website', label: 'Website', kind: 'text' }, { name: 'createdAt', label: 'Created', kind: 'date' },
  { name: 'lastTouchAt', label: 'Last touch', kind: 'date' }, { name: 'nextActivityAt', label: 'Next activity', kind: 'date' },
];
