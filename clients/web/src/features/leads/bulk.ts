import { api, body, ifMatch, newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { asIs } from '@/shared/list/rows';
import { listsChanged, type LeadRow } from './queries';

export interface Named { id: string; name: string; version: number }
export interface RowResult { id: string; name: string; problem?: string; version?: number }

/** Most leads that one action takes on. */
export const most = 10_000;

/**
 * Does something with each row, a few at a time; one that is refused does not stop the others. Where that is too many a minute for the
 * server, it waits. What has not begun when `signal` says so is left alone.
 */
export async function withEach(rows: Named[], action: (row: { id: string; version: number }) => Promise<number | void>, onDone: (done: number) => void, signal?: AbortSignal): Promise<RowResult[]> {
  const results: RowResult[] = [];
  const waiting = [...rows];
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      if (signal?.aborted) {
        results.push({ id: row.id, name: row.name, problem: 'Stopped before its turn came.' });
        continue;
      }
      try {
        const version = await action(row);
        results.push({ id: row.id, name: row.name, version: version ?? undefined });
      } catch (error) {
        const problem = Problem.of(error);
        if (problem.status === 429) {
          waiting.push(row);
          await new Promise((go) => setTimeout(go, 2_000));
          continue;
        }
        results.push({ id: row.id, name: row.name, problem: [problem.message, ...Object.values(problem.errors).flat()].join(' ') });
      }
      onDone(results.length);
    }
  }));
  await listsChanged();
  return results;
}

/** Every lead of a list, page by page, as the list orders them. */
export async function allOf(query: string, onRead: (read: number) => void): Promise<Named[]> {
  const rows: LeadRow[] = [];
  let after: string | null = null;
  do {
    const window = new URLSearchParams(query);
    window.set('limit', '200');
    if (after) window.set('after', after);
    const page: { items: LeadRow[]; next: string } = await body(api.leads.GET('/api/leads', asIs(window.toString())));
    rows.push(...page.items);
    onRead(rows.length);
    after = page.next || null;
  } while (after && rows.length < most);
  return rows.map(named);
}

/** How many leads a list holds, exactly. */
export const countOf = async (query: string) => (await body(api.leads.GET('/api/leads', asIs(`${query}&limit=1&count=exact`)))).count ?? 0;

export const hand = (to: { ownerId?: string; queueId?: string }) => async (row: { id: string; version: number }) =>
  (await body(api.leads.POST('/api/leads/{id}/owner', { params: { path: { id: row.id }, header: { 'If-Match': ifMatch(row.version), 'Idempotency-Key': newKey() } }, body: to }))).version;

export const moveTo = (status: string, more: { reason?: string; followUpInDays?: number } = {}) => async (row: { id: string; version: number }) =>
  (await body(api.leads.POST('/api/leads/{id}/status', { params: { path: { id: row.id }, header: { 'If-Match': ifMatch(row.version), 'Idempotency-Key': newKey() } }, body: { status, ...more } }))).version;

export const remove = async (row: { id: string; version: number }) => { await api.leads.DELETE('/api/leads/{id}', { params: { path: { id: row.id }, header: { 'If-Match': ifMatch(row.version) } } }); };

export const restore = async (row: { id: string }) => { await api.leads.POST('/api/leads/{id}/restore', { params: { path: { id: row.id }, header: { 'Idempotency-Key': newKey() } } }); };

export const named = (row: LeadRow): Named => ({ id: row.id, version: row.version, name: [row.firstName, row.lastName].filter(Boolean).join(' ') });
