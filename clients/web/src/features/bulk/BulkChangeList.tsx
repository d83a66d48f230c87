import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { Empty, Failed, Loading } from '@/shared/States';
import { number } from '@/shared/time';
import { When } from '@/shared/When';
import classes from './Bulk.module.css';
import { inWords, isChangeOver } from './bulkChanges';

/** Bulk changes, newest first. */
export function BulkChangeList() {
  usePage('Bulk changes', { label: 'Leads', to: '/leads' });
  const list = useInfiniteQuery({
    queryKey: ['bulk-changes', 'all'],
    queryFn: ({ pageParam }) => body(api.leads.GET('/api/leads/bulk-changes', { params: { query: { limit: 50, ...(pageParam ? { after: pageParam } : {}) } } })),
    initialPageParam: '', getNextPageParam: (page) => page.next || null, refetchInterval: 5_000,
  });
  if (list.isPending) return <Loading lines={8} label="Loading bulk changes" />;
  if (list.isError) return <Failed what="The bulk changes could not be loaded." error={list.error} retry={() => void list.refetch()} />;
  const changes = list.data.pages.flatMap((page) => page.items);
  return (
    <div className={classes.page}>
      <div className={classes.head}><h1>Bulk changes</h1><Link to="/leads/bulk-conversions">Bulk conversions</Link></div>
      {changes.length === 0 ? <Empty action={<Button component={Link} to="/leads">Go to leads</Button>}>Nobody has changed many leads at once yet. Select leads in their list and choose what is to happen.</Empty> : (
        <ul className={classes.list} style={{ marginTop: 12 }}>
          {changes.map((change) => (
            <li key={change.id} className={classes.one}>
              <span className="breaks"><Link to={`/leads/bulk-changes/${change.id}`}>{inWords(change)}: {number(change.total)} {change.total === 1 ? 'lead' : 'leads'}</Link><span className={`muted small ${classes.who}`}>{change.createdByName} · <When at={change.createdAt} /></span></span>
              <span className="small">{isChangeOver(change) ? '' : `${change.percent} % · `}{number(change.changed)} changed{change.refused > 0 && `, ${number(change.refused)} not`}</span>
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show more</Button>}
    </div>
  );
}
