import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import { listsChanged } from '@/features/leads/queries';
import { pickListsQuery, type ListName, type PickList, type PickListValue } from '@/features/leads/pickLists';

export const listNames: Record<ListName, string> = { source: 'Sources', industry: 'Industries', salutation: 'Salutations' };
export const singular: Record<ListName, string> = { source: 'source', industry: 'industry', salutation: 'salutation' };

/** What of a value is edited. */
export interface ValueEdit { name: string; isDefault: boolean; isActive: boolean }
export const inputOf = ({ name, isDefault, isActive }: PickListValue): ValueEdit => ({ name, isDefault, isActive });

export const readPickLists = () => body(api.leads.GET('/api/leads/pick-lists'));
export const addValue = (list: ListName, value: ValueEdit, key: string) => body(api.leads.POST('/api/leads/pick-lists/{list}/values', { params: { path: { list }, header: { 'Idempotency-Key': key } }, body: value }));
export const changeValue = (list: ListName, id: string, version: number, value: ValueEdit) =>
  body(api.leads.PUT('/api/leads/pick-lists/{list}/values/{id}', { params: { path: { list, id }, header: { 'If-Match': ifMatch(version) } }, body: value }));
export const arrange = (list: ListName, ids: string[]) => body(api.leads.PUT('/api/leads/pick-lists/{list}/order', { params: { path: { list } }, body: { ids } }));

/** The list as it is shown while its order is on its way. */
export const showInOrder = (list: ListName, ids: string[]) => queries.setQueryData(pickListsQuery.queryKey, (all) => all?.map((one): PickList => one.list === list ? { ...one, values: ids.map((id) => one.values.find((value) => value.id === id)!) } : one));

/** Other replicas of the service know of it within two seconds; leads that follow a new name take as long as there are many. */
export function pickListsChanged() {
  setTimeout(() => void listsChanged(), 2_500);
  return queries.invalidateQueries({ queryKey: pickListsQuery.queryKey });
}
