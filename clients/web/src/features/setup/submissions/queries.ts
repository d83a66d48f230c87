import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch, newKey } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/capture';
import { asIs } from '@/shared/list/rows';

export type Submission = components['schemas']['SubmissionResponse'];
export type Status = components['schemas']['SubmissionStatus'];

export const statusNames: Record<Status, string> = { quarantined: 'Suspected spam', refused: 'Refused', waiting: 'Waiting', handedOn: 'On its way', captured: 'Became a lead', discarded: 'Discarded' };

const suspicions: Record<string, string> = {
  honeypot: 'A field that people do not see was filled', 'too-fast': 'It was sent faster than a person types', 'forged-time': 'It names a time of its own making', 'not-from-the-page': 'It was not sent from the form’s page',
};

/** Why it was suspected, in words. */
export const suspicionInWords = (code: string) => suspicions[code] ?? code;

export const submissionsPage = (status: string, after: string) => body(api.capture.GET('/api/capture/submissions', asIs(new URLSearchParams({ limit: '50', sort: '-receivedAt', ...(status ? { status } : {}), ...(after ? { after } : {}) }).toString())));
export const submissionQuery = (id: string) => queryOptions({ queryKey: ['submissions', 'one', id], queryFn: () => body(api.capture.GET('/api/capture/submissions/{id}', { params: { path: { id } } })) });

const at = (id: string) => ({ params: { path: { id }, header: { 'Idempotency-Key': newKey() } } });
export const release = (id: string) => body(api.capture.POST('/api/capture/submissions/{id}/release', at(id)));
export const discard = (id: string) => body(api.capture.POST('/api/capture/submissions/{id}/discard', at(id)));
export const retry = (id: string) => body(api.capture.POST('/api/capture/submissions/{id}/retry', at(id)));
export const correct = (id: string, version: number, values: Record<string, string>) =>
  body(api.capture.PATCH('/api/capture/submissions/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: { values }, headers: { 'content-type': 'application/merge-patch+json' } }));

export function submissionChanged(now: Submission) {
  queries.setQueryData(submissionQuery(now.id).queryKey, now);
  void queries.invalidateQueries({ queryKey: ['submissions', 'list'] });
}
