import { queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/identity';

export type Client = components['schemas']['ClientResponse'];
export type NewSecret = components['schemas']['NewSecretResponse'];

export const clientsQuery = queryOptions({ queryKey: ['clients'], queryFn: async () => (await body(api.identity.GET('/api/clients'))).items });
export const clientQuery = (id: string) => queryOptions({ queryKey: ['clients', 'one', id], queryFn: () => body(api.identity.GET('/api/clients/{id}', { params: { path: { id } } })) });
export const clientsChanged = () => queries.invalidateQueries({ queryKey: ['clients'] });
