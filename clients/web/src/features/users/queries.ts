import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { components } from '@/api/schema/identity';

export type User = components['schemas']['ListUsersItem'];

/** Everybody, for pickers and names. */
export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async () => {
    const all: User[] = [];
    let after: string | null = null;
    do {
      const query = new URLSearchParams({ limit: '200', ...(after ? { after } : {}) });
      const page: { items: User[]; next: string } = await body(api.identity.GET('/api/users', { params: { query: {} }, querySerializer: () => query.toString() }));
      all.push(...page.items);
      after = page.next || null;
    } while (after);
    return all.sort((a, b) => a.name.localeCompare(b.name));
  },
  staleTime: 5 * 60_000,
});

export function useUserName(id: string | null | undefined) {
  const { data } = useQuery({ ...usersQuery, enabled: !!id });
  return data?.find((user) => user.id === id)?.name;
}
