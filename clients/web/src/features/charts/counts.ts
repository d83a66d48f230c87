import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { components } from '@/api/schema/leads';
import { placeOf } from '@/features/leads/views';
import { writeValues } from '@/shared/list/values';

export type By = 'status' | 'source' | 'owner' | 'month' | 'country' | 'industry';
export type Group = components['schemas']['CountLeadsGroup'];

export const titles: Record<By, string> = { status: 'By status', source: 'By source', owner: 'By owner', month: 'By month of creation', country: 'By country', industry: 'By industry' };

const countries = new Intl.DisplayNames(undefined, { type: 'region' });
const months = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Leads of a view and its filters, counted by a field; never more than the list itself shows. */
export const useCounts = (by: By, view: string, query: string) => useQuery({
  queryKey: ['leads', 'counts-by', by, view, query], placeholderData: keepPreviousData, staleTime: 60_000,
  queryFn: ({ signal }) => body(api.leads.GET('/api/leads/counts', { params: { query: { by } }, querySerializer: () => `by=${by}&view=${view}${query && `&${query}`}`, signal })),
});

export function labelOf(by: By, group: Group): string {
  if (group.value === null || group.value === undefined) return by === 'owner' ? 'In a queue' : 'Not known';
  if (by === 'month') return months.format(new Date(`${group.value}-15T00:00:00Z`));
  if (by === 'country' && /^[A-Z]{2}$/.test(group.value)) return countries.of(group.value) ?? group.value;
  return group.label ?? 'Somebody';
}

/** The list of the leads behind a segment, with what the chart was already filtered by. */
export function drill(by: By, group: Group, view: string, query: string): string {
  const search = new URLSearchParams(query);
  const value = group.value ?? '';
  if (by === 'month') {
    const [year, month] = value.split('-').map(Number) as [number, number];
    search.set('createdAt[gte]', new Date(Date.UTC(year, month - 1, 1)).toISOString());
    search.set('createdAt[lt]', new Date(Date.UTC(year, month, 1)).toISOString());
  } else {
    const field = by === 'owner' ? 'ownerId' : by;
    const isList = value && (by === 'owner' || by === 'status');
    search.set(isList ? `${field}[in]` : field, isList ? writeValues([value]) : value);
  }
  return `${placeOf(view)}?${search}`;
}
