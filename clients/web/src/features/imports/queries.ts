import { queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';
import { asIs } from '@/shared/list/rows';

export type Import = components['schemas']['ImportAnswer'];
export type Proposal = components['schemas']['ReadImportsProposal'];
export type Start = components['schemas']['StartImportRequest'];
export type SavedMapping = components['schemas']['SavedMappingsAnswer'];

export const importQuery = (id: string) => queryOptions({ queryKey: ['imports', 'one', id], queryFn: () => body(api.leads.GET('/api/leads/imports/{id}', { params: { path: { id } } })) });

export const proposalQuery = (id: string) => queryOptions({ queryKey: ['imports', 'proposal', id], queryFn: () => body(api.leads.GET('/api/leads/imports/{id}/mapping', { params: { path: { id } } })) });

export const savedMappingsQuery = queryOptions({ queryKey: ['imports', 'mappings'], queryFn: () => body(api.leads.GET('/api/leads/imports/mappings')) });

export const importsPage = (after: string) => body(api.leads.GET('/api/leads/imports', asIs(new URLSearchParams({ limit: '50', ...(after ? { after } : {}) }).toString())));

/** How a file is read, when what was detected is wrong. */
export interface Reading { encoding?: string; delimiter?: string }

/** Sends a file and follows how far it is, in percent; aborted, it is as if it had never been sent. */
export async function upload(file: Blob, fileName: string, reading: Reading, key: string, onProgress: (percent: number) => void, signal?: AbortSignal): Promise<Import> {
  const query = new URLSearchParams({ fileName, ...reading });
  return await body(api.leads.POST('/api/leads/imports', {
    ...asIs(query.toString()), params: { query: {}, header: { 'Idempotency-Key': key } }, body: file as unknown as string, bodySerializer: () => file, headers: { 'content-type': 'text/csv' }, signal,
    fetch: (request: Request) => send(request, file, onProgress),
  })) as Import;
}

/** `fetch` does not tell how much of a request is on its way; this does. */
function send(request: Request, content: Blob, onProgress: (percent: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const wire = new XMLHttpRequest();
    wire.open(request.method, request.url);
    request.headers.forEach((value, name) => wire.setRequestHeader(name, value));
    wire.upload.onprogress = (event) => { if (event.lengthComputable) onProgress(Math.round(event.loaded * 100 / event.total)); };
    wire.onload = () => resolve(new Response(wire.status === 204 ? null : wire.responseText, { status: wire.status, headers: { 'content-type': wire.getResponseHeader('content-type') ?? '' } }));
    wire.onerror = () => reject(new TypeError('The line broke.'));
    wire.onabort = () => reject(new DOMException('Aborted', 'AbortError'));
    request.signal.addEventListener('abort', () => wire.abort());
    wire.send(content);
  });
}

export const start = (id: string, request: Start, key: string) => body(api.leads.POST('/api/leads/imports/{id}/start', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body: request }));
export const cancel = (id: string) => body(api.leads.POST('/api/leads/imports/{id}/cancel', { params: { path: { id } } }));
export const saveMapping = (name: string, { mapping, defaults, emptyValues }: Pick<SavedMapping, 'mapping' | 'defaults' | 'emptyValues'>, key: string) => body(api.leads.POST('/api/leads/imports/mappings', { params: { header: { 'Idempotency-Key': key } }, body: { name, mapping, defaults, emptyValues } }));
export const deleteMapping = (id: string) => api.leads.DELETE('/api/leads/imports/mappings/{id}', { params: { path: { id } } });

/** The import as it now is, and the lists that it may have changed. */
export function importChanged(now: Import) {
  queries.setQueryData(importQuery(now.id).queryKey, now);
  void queries.invalidateQueries({ queryKey: ['imports', 'list'] });
  if (isOver(now) && !now.plan?.dryRun) void queries.invalidateQueries({ queryKey: ['leads'] });
}

export const isOver = (one: Import) => ['completed', 'refused', 'failed', 'cancelled'].includes(one.state);

export const bytes = (size: number) => size < 1_000 ? `${size} bytes` : size < 1_000_000 ? `${Math.round(size / 1_000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
