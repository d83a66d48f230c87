import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';

export type Status = components['schemas']['SetUpStatusesAnswer'];
export type StatusInput = components['schemas']['SetUpStatusesRequest'];
export type Process = components['schemas']['SetUpProcessesAnswer'];
export type Step = components['schemas']['PathStep'];

/** What of a status is edited. */
export interface StatusEdit { name: string; category: Status['category']; sort: number; isDefault: boolean; isActive: boolean }
export const inputOf = ({ name, category, sort, isDefault, isActive }: Status): StatusEdit => ({ name, category, sort, isDefault, isActive });

export const categoryNames: Record<Status['category'], string> = { open: 'Open', nurturing: 'Nurturing', qualified: 'Qualified', notQualified: 'Not qualified', converted: 'Converted' };

export const readStatuses = () => body(api.leads.GET('/api/leads/statuses'));
export const createStatus = (input: StatusInput, key: string) => body(api.leads.POST('/api/leads/statuses', { params: { header: { 'Idempotency-Key': key } }, body: input }));
export const changeStatus = (id: string, version: number, input: StatusInput) => body(api.leads.PUT('/api/leads/statuses/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: input }));
export const deleteStatus = (status: Status) => api.leads.DELETE('/api/leads/statuses/{id}', { params: { path: { id: status.id }, header: { 'If-Match': ifMatch(status.version) } } });
export const statusesChanged = () => { void queries.invalidateQueries({ queryKey: ['leads', 'process'] }); void queries.invalidateQueries({ queryKey: ['leads', 'processes'] }); return queries.invalidateQueries({ queryKey: ['leads', 'statuses'] }); };

export const processesQuery = queryOptions({ queryKey: ['leads', 'processes'], queryFn: () => body(api.leads.GET('/api/leads/processes')) });
export const readProcess = (id: string) => body(api.leads.GET('/api/leads/processes/{id}', { params: { path: { id } } }));
export const createProcess = (input: { name: string; steps: Step[]; isDefault: boolean }, key: string) => body(api.leads.POST('/api/leads/processes', { params: { header: { 'Idempotency-Key': key } }, body: input }));
export const changeProcess = (id: string, version: number, input: { name: string; steps: Step[]; isDefault: boolean }) => body(api.leads.PUT('/api/leads/processes/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: input }));
export const deleteProcess = (process: Process) => api.leads.DELETE('/api/leads/processes/{id}', { params: { path: { id: process.id }, header: { 'If-Match': ifMatch(process.version) } } });
