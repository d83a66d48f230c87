import { useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { components } from '@/api/schema/leads';
import { useMe } from '@/features/session/session';
import { ago, dayAgo } from '@/shared/time';

type Item = components['schemas']['CallNextItem'];

/** Whom to call next, in the order in which the service puts them (VW8). */
export function useCallNext() {
  const me = useMe();
  return useQuery({
    queryKey: ['leads', 'list', 'call-next', me.id],
    queryFn: async ({ signal }) => (await body(api.leads.GET('/api/leads/call-next', { params: { query: { limit: 20 } }, signal }))).items,
    enabled: me.may('leads.read'),
  });
}

/** Why it is somebody's turn. */
export function reasonOf({ why, respondBy, lead }: Item, now = Date.now()): { text: string; late: boolean } {
  if (why === 'firstResponse') {
    const late = Date.parse(respondBy!) < now;
    return { text: late ? `first response was due ${ago(respondBy!, now)}` : `first response due ${ago(respondBy!, now)}`, late };
  }
  if (why === 'taskDue') {
    const at = new Date(lead.nextActivityAt!);   // a task's is the beginning of its day
    const day = `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
    return { text: `something is due ${dayAgo(day)}`, late: false };
  }
  return { text: lead.lastTouchAt ? `touched ${ago(lead.lastTouchAt, now)}` : `new, came ${ago(lead.createdAt, now)}`, late: false };
}
