import { queryOptions } from '@tanstack/react-query';
import { api, body, newKey } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';
import { listsChanged } from '@/features/leads/queries';
import { allRowsChanged } from '@/shared/list/windows';

export type Change = components['schemas']['BulkChangeAnswer'];
export type Order = Pick<components['schemas']['StartBulkChangeRequest'], 'action' | 'owner' | 'status'>;
export type Which = { leads: { id: string; version?: number }[] } | { filter: string };
export type ChangeOutcome = components['schemas']['ReadBulkChangesOutcome'];
export type OutcomeState = components['schemas']['BulkChangeLeadState'];

export const changeQuery = (id: string) => queryOptions({ queryKey: ['bulk-changes', id], queryFn: () => body(api.leads.GET('/api/leads/bulk-changes/{id}', { params: { path: { id } } })) });

/** One change of many leads, as a job of the server: it goes on when the page is closed. */
export const startChange = async (which: Which, order: Order) => (await body(api.leads.POST('/api/leads/bulk-changes', { params: { header: { 'Idempotency-Key': newKey() } }, body: { ...which, ...order } }))) as unknown as Change;

export const controlChange = {
  pause: (id: string) => body(api.leads.POST('/api/leads/bulk-changes/{id}/pause', { params: { path: { id } } })),
  resume: (id: string) => body(api.leads.POST('/api/leads/bulk-changes/{id}/resume', { params: { path: { id } } })),
  cancel: (id: string) => body(api.leads.POST('/api/leads/bulk-changes/{id}/cancel', { params: { path: { id } } })),
};

export const isChangeOver = (change: Change) => change.state === 'completed' || change.state === 'cancelled' || change.state === 'failed';

/** Tells how far it is as it happens, over interruptions, until it is over; the answer ends the telling. */
export function followChange(id: string, onStep: (change: Change) => void): () => void {
  const source = new EventSource(`/api/leads/bulk-changes/${id}/progress`);
  source.addEventListener('progress', ({ data }: MessageEvent<string>) => {
    const now = JSON.parse(data) as Change;
    queries.setQueryData(changeQuery(id).queryKey, now);
    if (isChangeOver(now)) {
      source.close();
      void queries.invalidateQueries({ queryKey: ['bulk-changes', id, 'leads'] });
      void queries.invalidateQueries({ queryKey: ['leads', 'one'] });
      void listsChanged();
      void allRowsChanged('leads');   // what is selected goes into the next change as it is now
    }
    onStep(now);
  });
  return () => source.close();
}

export function outcomesPage(id: string, state: OutcomeState | null, after: string, limit: number) {
  const query = new URLSearchParams({ limit: String(limit), ...(state ? { state } : {}), ...(after ? { after } : {}) });
  return body(api.leads.GET('/api/leads/bulk-changes/{id}/leads', { params: { path: { id }, query: {} }, querySerializer: () => query.toString() }));
}

/** Takes a deletion back: what it deleted, and nothing else. */
export async function restoreDeleted(change: Change): Promise<Change> {
  const leads: { id: string }[] = [];
  let after = '';
  do {
    const page: { items: ChangeOutcome[]; next: string } = await outcomesPage(change.id, 'changed', after, 200);
    leads.push(...page.items.map((one) => ({ id: one.leadId })));
    after = page.next || '';
  } while (after);
  return startChange({ leads }, { action: 'restore' });
}

/** What is done, as a heading. */
export function inWords(change: Change): string {
  switch (change.action) {
    case 'transfer': return `Handed to ${change.name}`;
    case 'move': return `Moved to ${change.name}`;
    case 'delete': return 'Moved to the recycle bin';
    default: return 'Brought back from the recycle bin';
  }
}
