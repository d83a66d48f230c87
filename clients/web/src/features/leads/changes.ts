import { api, body, ifMatch, newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { leadChanged, leadQuery, type Lead, type LeadDetails } from './queries';

/** Somebody else changed the same field meanwhile: both values, and who changed it when. */
export interface Conflict { fresh: Lead; theirs: unknown; mine: unknown; who: string | null; at: string | null }

/**
 * Saves one field. When somebody else has changed the record meanwhile, but not this field, it is saved on top of that; when it was this
 * field, nothing is written and the conflict is answered.
 */
export async function saveField(lead: Lead, field: keyof LeadDetails & string, value: unknown): Promise<{ lead: Lead } | { conflict: Conflict }> {
  try {
    return { lead: await patch(lead.id, lead.version, field, value) };
  } catch (error) {
    if (!(error instanceof Problem && error.isConflict)) throw error;
  }
  const fresh = await queries.fetchQuery({ ...leadQuery(lead.id), staleTime: 0 });
  if (JSON.stringify(fresh[field] ?? null) === JSON.stringify(lead[field] ?? null)) return { lead: await patch(fresh.id, fresh.version, field, value) };
  const history = await body(api.leads.GET('/api/leads/{id}/history', { params: { path: { id: lead.id }, query: { limit: 20 } } }));
  const change = history.items.find((entry) => entry.changes && typeof entry.changes === 'object' && field in entry.changes);
  return { conflict: { fresh, theirs: fresh[field], mine: value, who: change?.actorName ?? null, at: change?.at ?? null } };
}

async function patch(id: string, version: number, field: string, value: unknown): Promise<Lead> {
  const lead = await body(api.leads.PATCH('/api/leads/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: { [field]: value }, headers: { 'content-type': 'application/merge-patch+json' } }));
  void leadChanged(lead);
  return lead;
}

export async function move(lead: Lead, status: string, more: { reason?: string; followUpInDays?: number } = {}): Promise<Lead> {
  const moved = await body(api.leads.POST('/api/leads/{id}/status', { params: { path: { id: lead.id }, header: { 'If-Match': ifMatch(lead.version), 'Idempotency-Key': newKey() } }, body: { status, ...more } }));
  void leadChanged(moved);
  void queries.invalidateQueries({ queryKey: ['leads', 'history', lead.id] });
  void queries.invalidateQueries({ queryKey: ['activities'] });
  return moved;
}

export async function reopen(lead: Lead): Promise<Lead> {
  const reopened = await body(api.leads.POST('/api/leads/{id}/reopen', { params: { path: { id: lead.id }, header: { 'If-Match': ifMatch(lead.version), 'Idempotency-Key': newKey() } } }));
  void leadChanged(reopened);
  return reopened;
}

export async function handTo(lead: Lead, to: { ownerId?: string; queueId?: string }): Promise<Lead> {
  const handed = await body(api.leads.POST('/api/leads/{id}/owner', { params: { path: { id: lead.id }, header: { 'If-Match': ifMatch(lead.version), 'Idempotency-Key': newKey() } }, body: to }));
  void leadChanged(handed);
  return handed;
}
