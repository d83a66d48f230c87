import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';

export type CustomField = components['schemas']['CustomFieldAnswer'];
export type CustomFieldInput = components['schemas']['CustomFieldInput'];
export type CustomType = NonNullable<CustomField['type']>;

/** Kinds of records that have custom fields, as their addresses call them. */
export const kinds = { leads: 'Leads', accounts: 'Accounts', contacts: 'Contacts', opportunities: 'Opportunities' } as const;
export type Kind = keyof typeof kinds;

const clientOf = { leads: api.leads, accounts: api.accounts, contacts: api.accounts, opportunities: api.opportunities };
// Every service describes its fields alike; the leads' document stands for all of them.
const at = (kind: Kind) => ({ client: clientOf[kind] as typeof api.leads, path: `/api/${kind}/custom-fields` as '/api/leads/custom-fields', one: `/api/${kind}/custom-fields/{id}` as '/api/leads/custom-fields/{id}', undelete: `/api/${kind}/custom-fields/{id}/undelete` as '/api/leads/custom-fields/{id}/undelete', history: `/api/${kind}/custom-fields/{id}/history` as '/api/leads/custom-fields/{id}/history' });

const inOrder = (fields: CustomField[]) => fields.toSorted((a, b) => (a.sort ?? 0) - (b.sort ?? 0) || String(a.label).localeCompare(String(b.label)));

/** The fields that a kind of record has, in order. */
export const customFieldsQuery = (kind: Kind, deleted = false) => queryOptions({
  queryKey: ['custom-fields', kind, deleted],
  queryFn: async () => {
    const { client, path } = at(kind);
    return inOrder((await body(client.GET(path, { params: { query: deleted ? { deleted: true } : {} } }))).items);
  },
  staleTime: 60_000,
});

export const readField = (kind: Kind, id: string) => { const { client, one } = at(kind); return body(client.GET(one, { params: { path: { id } } })); };
export const createField = (kind: Kind, input: CustomFieldInput & { key?: string }, key: string) => { const { client, path } = at(kind); return body(client.POST(path, { params: { header: { 'Idempotency-Key': key } }, body: input })); };
export const changeField = (kind: Kind, id: string, version: number, change: Partial<CustomFieldInput>) => {
  const { client, one } = at(kind);
  return body(client.PATCH(one, { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: change as CustomFieldInput, headers: { 'content-type': 'application/merge-patch+json' } }));
};
export const deleteField = (kind: Kind, field: Pick<CustomField, 'id' | 'version'>) => { const { client, one } = at(kind); return client.DELETE(one, { params: { path: { id: field.id }, header: { 'If-Match': ifMatch(field.version) } } }); };
export const undeleteField = (kind: Kind, id: string, key: string) => { const { client, undelete } = at(kind); return body(client.POST(undelete, { params: { path: { id }, header: { 'Idempotency-Key': key } } })); };
export const fieldHistory = (kind: Kind, id: string, after: string) => { const { client, history } = at(kind); return body(client.GET(history, { params: { path: { id }, query: { limit: 20, ...(after ? { after } : {}) } } })); };

/**
 * A field as it now is goes into what pages show. Other replicas of the service know of it within two seconds: to ask at once might bring back what was
 * before.
 */
export function customFieldChanged(kind: Kind, field: CustomField, isDeleted = false) {
  for (const deleted of [false, true]) {
    queries.setQueryData(customFieldsQuery(kind, deleted).queryKey, (all) => all && inOrder([...all.filter((one) => one.id !== field.id), ...(deleted === isDeleted ? [field] : [])]));
  }
  setTimeout(() => void queries.invalidateQueries({ queryKey: ['custom-fields', kind] }), 2_500);
}
