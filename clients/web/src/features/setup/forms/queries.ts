import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch, newKey } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/capture';
import { asIs } from '@/shared/list/rows';

export type WebForm = components['schemas']['FormResponse'];
export type FormInput = components['schemas']['FormInput'];
export type FormField = components['schemas']['FormField'];
export type CaptureField = components['schemas']['CaptureField'];

export const formsQuery = (deleted = false) => queryOptions({
  queryKey: ['forms', 'list', deleted],
  queryFn: async () => (await body(api.capture.GET('/api/capture/forms', asIs(`limit=200&sort=name${deleted ? '&deleted=true' : ''}`)))).items,
});
export const formQuery = (id: string) => queryOptions({ queryKey: ['forms', 'one', id], queryFn: () => body(api.capture.GET('/api/capture/forms/{id}', { params: { path: { id } } })) });
export const formCodeQuery = (id: string, version: number) => queryOptions({ queryKey: ['forms', 'code', id, version], queryFn: () => body(api.capture.GET('/api/capture/forms/{id}/code', { params: { path: { id } } })) });
export const captureFieldsQuery = queryOptions({ queryKey: ['forms', 'fields'], queryFn: () => body(api.capture.GET('/api/capture/forms/fields')), staleTime: Infinity });

export const createForm = (input: FormInput, key: string) => body(api.capture.POST('/api/capture/forms', { params: { header: { 'Idempotency-Key': key } }, body: input }));
export const changeForm = (id: string, version: number, change: Partial<FormInput>) => body(api.capture.PATCH('/api/capture/forms/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: change, headers: { 'content-type': 'application/merge-patch+json' } }));
export const deleteForm = (form: Pick<WebForm, 'id' | 'version'>) => api.capture.DELETE('/api/capture/forms/{id}', { params: { path: { id: form.id }, header: { 'If-Match': ifMatch(form.version) } } });
export const restoreForm = (id: string) => body(api.capture.POST('/api/capture/forms/{id}/restore', { params: { path: { id }, header: { 'Idempotency-Key': newKey() } } }));
export const formsChanged = () => queries.invalidateQueries({ queryKey: ['forms'] });
