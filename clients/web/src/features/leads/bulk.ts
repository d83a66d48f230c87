import { api, body, ifMatch, newKey } from '@/api/client';
import { asIs } from '@/shared/list/rows';

/** Most leads that one action takes on. */
export const most = 10_000;

/** How many leads a list holds, exactly. */
export const countOf = async (query: string) => (await body(api.leads.GET('/api/leads', asIs(`${query}&limit=1&count=exact`)))).count ?? 0;

export const moveTo = (status: string, more: { reason?: string; followUpInDays?: number } = {}) => async (row: { id: string; version: number }) =>
  (await body(api.leads.POST('/api/leads/{id}/status', { params: { path: { id: row.id }, header: { 'If-Match': ifMatch(row.version), 'Idempotency-Key': newKey() } }, body: { status, ...more } }))).version;

export const remove = async (row: { id: string; version: number }) => { await api.leads.DELETE('/api/leads/{id}', { params: { path: { id: row.id }, header: { 'If-Match': ifMatch(row.version) } } }); };

export const restore = async (row: { id: string }) => { await api.leads.POST('/api/leads/{id}/restore', { params: { path: { id: row.id }, header: { 'Idempotency-Key': newKey() } } }); };
