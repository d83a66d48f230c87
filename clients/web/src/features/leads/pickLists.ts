import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { components } from '@/api/schema/leads';
import type { Field } from '@/shared/record/types';
import { detailFields, filterFields, sections } from './fields';

export type PickList = components['schemas']['SetUpPickListsAnswer'];
export type PickListValue = components['schemas']['SetUpPickListsValue'];
export type ListName = PickList['list'];

export const pickListsQuery = queryOptions({ queryKey: ['leads', 'pick-lists'], queryFn: () => body(api.leads.GET('/api/leads/pick-lists')), staleTime: 5 * 60_000 });

/** The fields of a lead with what their pick-lists offer (LD3). Until the lists are known, whatever is typed is taken. */
export function useLeadFields() {
  const lists = useQuery(pickListsQuery);
  const valuesOf = (name: string) => lists.data?.find((one) => one.list === name)?.values;
  const offered = <F extends Field>(field: F): F => {
    const values = valuesOf(field.name);
    return values ? { ...field, options: values.filter((value) => value.isActive).map((value) => value.name) } : field;
  };
  return {
    sections: sections.map((section) => ({ ...section, fields: section.fields.map(offered) })),
    detailFields: detailFields.map(offered),
    /** Of a new lead: what it takes by itself. */
    start: Object.fromEntries((lists.data ?? []).map((one) => [one.list, one.values.find((value) => value.isDefault)?.name]).filter(([, name]) => name !== undefined)) as Record<string, string>,
    /** For filters: what is no longer offered is still on leads. */
    choices: Object.fromEntries(filterFields.filter((field) => field.kind === 'open').map((field) => [field.name, valuesOf(field.name)?.map((value) => value.name) ?? []])),
  };
}
