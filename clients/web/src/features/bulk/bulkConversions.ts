import { queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';

export type Job = components['schemas']['BulkConversionAnswer'];
export type Start = components['schemas']['StartBulkConversionRequest'];
export type LeadState = components['schemas']['BulkLeadState'];
export type Outcome = components['schemas']['ReadBulkConversionsOutcome'];

export const jobQuery = (id: string) => queryOptions({ queryKey: ['bulk-conversions', id], queryFn: () => body(api.leads.GET('/api/leads/bulk-conversions/{id}', { params: { path: { id } } })) });

export const start = async (request: Start, key: string) => (await body(api.leads.POST('/api/leads/bulk-conversions', { params: { header: { 'Idempotency-Key': key } }, body: request }))) as unknown as Job;

export const control = {
  pause: (id: string) => body(api.leads.POST('/api/leads/bulk-conversions/{id}/pause', { params: { path: { id } } })),
  resume: (id: string) => body(api.leads.POST('/api/leads/bulk-conversions/{id}/resume', { params: { path: { id } } })),
  cancel: (id: string) => body(api.leads.POST('/api/leads/bulk-conversions/{id}/cancel', { params: { path: { id } } })),
};

export const isOver = (job: Job) => job.state === 'completed' || job.state === 'cancelled' || job.state === 'failed';

/** What became of the leads is asked for anew. */
export function outcomesChanged(id: string) {
  void queries.invalidateQueries({ queryKey: ['leads'] });
  return queries.invalidateQueries({ queryKey: ['bulk-conversions', id, 'leads'] });
}
