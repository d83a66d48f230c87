import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/identity';

export type User = components['schemas']['UserResponse'];
export type Session = components['schemas']['ReadSessionsItem'];
export type Token = components['schemas']['PersonalTokenResponse'];
export interface UserInput { name: string; email: string; teamId: string | null; roles: string[] }

export const userQuery = (id: string) => queryOptions({ queryKey: ['users', 'one', id], queryFn: () => body(api.identity.GET('/api/users/{id}', { params: { path: { id } } })) });

export const createUser = (input: UserInput, key: string) => body(api.identity.POST('/api/users', { params: { header: { 'Idempotency-Key': key } }, body: input }));

export const changeUser = (id: string, version: number, change: Partial<UserInput>) =>
  body(api.identity.PATCH('/api/users/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: change as UserInput, headers: { 'content-type': 'application/merge-patch+json' } }));

/** The user as it now is goes into the page, and every list is asked for anew. */
export function userChanged(user: User) {
  queries.setQueryData(userQuery(user.id).queryKey, user);
  void queries.invalidateQueries({ queryKey: ['users'] });
}

export const inputOf = (user: User): UserInput => ({ name: user.name, email: user.email, teamId: user.teamId, roles: user.roles });

export const rolesQuery = queryOptions({ queryKey: ['roles'], queryFn: async () => (await body(api.identity.GET('/api/roles'))).items });
