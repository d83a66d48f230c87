import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch, newKey } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/accounts';
import { addressFields } from '@/features/accounts/accounts';
import type { FilterField } from '@/shared/list/types';
import { rowChanged } from '@/shared/list/windows';
import type { Editing, Section } from '@/shared/record/types';

export type Contact = components['schemas']['ContactResponse'];
export type ContactRow = components['schemas']['ContactListItem'];

export const contactQuery = (id: string) => queryOptions({ queryKey: ['contacts', 'one', id], queryFn: ({ signal }) => body(api.accounts.GET('/api/contacts/{id}', { params: { path: { id } }, signal })) });

export const contactsChanged = () => queries.invalidateQueries({ queryKey: ['contacts', 'list'] });

export const contactEditing: Editing<Contact> = {
  read: (id) => queries.fetchQuery({ ...contactQuery(id), staleTime: 0 }),
  patch: (id, version, change) => body(api.accounts.PATCH('/api/contacts/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: change, headers: { 'content-type': 'application/merge-patch+json' } })),
  history: (id) => body(api.accounts.GET('/api/contacts/{id}/history', { params: { path: { id }, query: { limit: 20 } } })),
  keep: (contact) => { queries.setQueryData(contactQuery(contact.id).queryKey, contact); void rowChanged('contacts', contact.id); },
};

export const removeContact = (contact: Contact) => api.accounts.DELETE('/api/contacts/{id}', { params: { path: { id: contact.id }, header: { 'If-Match': ifMatch(contact.version) } } });
export const restoreContact = (id: string) => api.accounts.POST('/api/contacts/{id}/restore', { params: { path: { id }, header: { 'Idempotency-Key': newKey() } } });

export const nameOfContact = (contact: { firstName?: string | null; lastName?: string | null }) => [contact.firstName, contact.lastName].filter(Boolean).join(' ');

export const contactSections: Section[] = [
  {
    title: 'Person',
    fields: [
      { name: 'salutation', label: 'Salutation', kind: 'text' }, { name: 'firstName', label: 'First name', kind: 'text' }, { name: 'lastName', label: 'Last name', kind: 'text' }, { name: 'title', label: 'Title', kind: 'text' },
      { name: 'department', label: 'Department', kind: 'text' }, { name: 'email', label: 'E-mail', kind: 'email' }, { name: 'phone', label: 'Phone', kind: 'phone' }, { name: 'mobile', label: 'Mobile', kind: 'phone' }, { name: 'fax', label: 'Fax', kind: 'text' },
      { name: 'doNotCall', label: 'Do not call', kind: 'flag' }, { name: 'emailOptOut', label: 'E-mail opt-out', kind: 'flag' }, { name: 'source', label: 'Source', kind: 'text' }, { name: 'description', label: 'Description', kind: 'long' },
    ],
  },
  { title: 'Address', fields: addressFields('mailingAddress') },
];

export const contactFilters: FilterField[] = [
  { name: 'lastName', label: 'Last name', kind: 'text' }, { name: 'ownerId', label: 'Owner', kind: 'owner' }, { name: 'email', label: 'E-mail', kind: 'text' }, { name: 'title', label: 'Title', kind: 'text' },
  { name: 'doNotCall', label: 'Do not call', kind: 'flag' }, { name: 'emailOptOut', label: 'E-mail opt-out', kind: 'flag' }, { name: 'createdAt', label: 'Created', kind: 'date' }, { name: 'lastTouchAt', label: 'Last touch', kind: 'date' },
];
