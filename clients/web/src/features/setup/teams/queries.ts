import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/identity';
import { asIs } from '@/shared/list/rows';

export type Team = components['schemas']['TeamResponse'];
export interface TeamInput { name: string; parentId: string | null; managerId: string | null }

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: async () => {
    const all: Team[] = [];
    let after = '';
    do {
      const page: { items: Team[]; next: string } = await body(api.identity.GET('/api/teams', asIs(new URLSearchParams({ limit: '200', ...(after ? { after } : {}) }).toString())));
      all.push(...page.items);
      after = page.next;
    } while (after);
    return all.sort((a, b) => a.name.localeCompare(b.name));
  },
});

export const teamsChanged = () => queries.invalidateQueries({ queryKey: ['teams'] });

export const createTeam = (input: TeamInput, key: string) => body(api.identity.POST('/api/teams', { params: { header: { 'Idempotency-Key': key } }, body: input }));
export const readTeam = (id: string) => body(api.identity.GET('/api/teams/{id}', { params: { path: { id } } }));
export const changeTeam = (id: string, version: number, change: Partial<TeamInput>) =>
  body(api.identity.PATCH('/api/teams/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: change as TeamInput, headers: { 'content-type': 'application/merge-patch+json' } }));
export const deleteTeam = (team: Team, moveTo: string | null) =>
  api.identity.DELETE('/api/teams/{id}', { params: { path: { id: team.id }, query: moveTo ? { moveTo } : {}, header: { 'If-Match': ifMatch(team.version) } } });

/** The teams as a tree, in reading order: each with how deep it lies. */
export function asTree(teams: Team[]): { team: Team; level: number }[] {
  const known = new Set(teams.map((team) => team.id));
  const under = (parent: string | null, level: number): { team: Team; level: number }[] =>
    teams.filter((team) => (team.parentId && known.has(team.parentId) ? team.parentId : null) === parent).flatMap((team) => [{ team, level }, ...under(team.id, level + 1)]);
  return under(null, 0);
}
