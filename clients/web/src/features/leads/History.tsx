import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { usersQuery } from '@/features/users/queries';
import { Failed, Loading } from '@/shared/States';
import { When } from '@/shared/When';
import { labelOf } from './fields';
import classes from './History.module.css';
import { queuesQuery, statusesQuery, type Lead } from './queries';

const verbs: Record<string, string> = { created: 'created the lead', updated: 'changed', deleted: 'moved it to the recycle bin', restored: 'brought it back', undone: 'undid' };

/** Every change of every field, newest first. */
export function History({ lead }: { lead: Lead }) {
  const history = useInfiniteQuery({
    queryKey: ['leads', 'history', lead.id, lead.version],
    queryFn: ({ pageParam }) => body(api.leads.GET('/api/leads/{id}/history', { params: { path: { id: lead.id }, query: { limit: 50, ...(pageParam ? { after: pageParam } : {}) } } })),
    initialPageParam: '', getNextPageParam: (page) => page.next || null,
  });
  const statuses = useQuery(statusesQuery);
  const users = useQuery(usersQuery);
  const queues = useQuery(queuesQuery);
  if (history.isPending) return <Loading lines={5} />;
  if (history.isError) return <Failed what="The history could not be loaded." error={history.error} retry={() => history.refetch()} />;

  function words(field: string, value: unknown): string {
    if (value === null || value === undefined || value === '') return 'nothing';
    const name = field === 'statusId' ? statuses.data?.find((status) => status.id === value)?.name : field.endsWith('Id') ? users.data?.find((user) => user.id === value)?.name ?? queues.data?.find((queue) => queue.id === value)?.name : undefined;
    if (name) return name;
    const text = typeof value === 'object' ? JSON.stringify(value) : typeof value === 'boolean' ? value ? 'yes' : 'no' : String(value);
    return text.length > 160 ? `${text.slice(0, 160)}…` : text;
  }

  return (
    <>
      <ol className={classes.list}>
        {history.data.pages.flatMap((page) => page.items).map((entry) => {
          const changes = Object.entries((entry.changes ?? {}) as Record<string, { old?: unknown; new?: unknown }>);
          return (
            <li key={entry.id}>
              <p><b>{entry.actorName || 'LeadCrm'}</b> {verbs[entry.kind] ?? entry.kind} <span className="muted small"><When at={entry.at} /></span></p>
              {entry.kind !== 'created' && <ul>{changes.map(([field, change]) => <li key={field} className="breaks"><span className="muted">{labelOf(field.replace(/Id$/, ''))}:</span> {words(field, change.old)} → <b>{words(field, change.new)}</b></li>)}</ul>}
            </li>
          );
        })}
      </ol>
      {history.hasNextPage && <Button variant="subtle" loading={history.isFetchingNextPage} onClick={() => history.fetchNextPage()}>Show older</Button>}
    </>
  );
}
