import { useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { LeadRow } from '@/features/leads/queries';
import { useMe } from '@/features/session/session';
import { asIs } from '@/shared/list/rows';

const untouchedForDays = 7;
const shown = 10;

/** One's open leads whom nobody has touched, or not for a week, and with whom nothing is planned: the higher score first, then who waits longest. */
export function useCallNext() {
  const me = useMe();
  return useQuery({
    queryKey: ['leads', 'list', 'call-next', me.id],
    queryFn: async ({ signal }) => {
      const since = new Date(Date.now() - untouchedForDays * 86_400_000).toISOString();
      const ask = async (query: string) => (await body(api.leads.GET('/api/leads', { ...asIs(`view=myOpen&statusCategory[in]=open,qualified&doNotCall=false&nextActivityAt=&limit=100&${query}`), signal }))).items;
      const [never, stale] = await Promise.all([ask('lastTouchAt=&sort=createdAt'), ask(`lastTouchAt[lt]=${encodeURIComponent(since)}&sort=lastTouchAt`)]);
      return [...never, ...stale].toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0) || waitsSince(a).localeCompare(waitsSince(b))).slice(0, shown);
    },
    enabled: me.may('leads.read'),
  });
}

export const waitsSince = (row: LeadRow) => row.lastTouchAt ?? row.createdAt;
