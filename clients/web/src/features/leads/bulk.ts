import { api, body, ifMatch, newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { listsChanged, type LeadRow } from './queries';

export interface RowResult { id: string; name: string; problem?: string; version?: number }

/** Does something with each row, a few at a time; one that is refused does not stop the others. */
export async function withEach(rows: { id: string; name: string; version: number }[], action: (row: { id: string; version: number }) => Promise<number | void>, onDone: (done: number) => void): Promise<RowResult[]> {
  const results: RowResult[] = [];
  const waiting = [...rows];
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      try {
        const version = await action(row);
        results.push({ id: row.id, name: row.name, version: version ?? undefined });
      } catch (error) {
        results.push({ id: row.id, name: row.name, problem: Problem.of(error).message });
      }
      onDone(results.length);
    }
  }));
  await listsChanged();
  return results;
}

export const hand = (to: { ownerId?: string; queueId?: string }) => async (row: { id: string; version: number }) =>
  (await body(api.leads.POST('/api/leads/{id}/owner', { params: { path: { id: row.id }, header: { 'If-Match': ifMatch(row.version), 'Idempotency-Key': newKey() } }, body: to }))).version;

export const moveTo = (status: string, more: { reason?: string; followUpInDays?: number } = {}) => async (row: { id: string; version: number }) =>
  (await body(api.leads.POST('/api/leads/{id}/status', { params: { path: { id: row.id }, header: { 'If-Match': ifMatch(row.version), 'Idempotency-Key': newKey() } }, body: { status, ...more } }))).version;

export const remove = async (row: { id: string; version: number }) => { await api.leads.DELETE('/api/leads/{id}', { params: { path: { id: row.id }, header: { 'If-Match': ifMatch(row.version) } } }); };

export const restore = async (row: { id: string }) => { await api.leads.POST('/api/leads/{id}/restore', { params: { path: { id: row.id }, header: { 'Idempotency-Key': newKey() } } }); };

export const named = (row: LeadRow) => ({ id: row.id, version: row.version, name: [row.firstName, row.lastName].filter(Boolean).join(' ') });
