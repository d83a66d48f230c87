import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { Empty, Failed, Loading } from '@/shared/States';
import { number } from '@/shared/time';
import { When } from '@/shared/When';
import classes from './Bulk.module.css';
import { isOver } from './bulkConversions';

/** Bulk conversions, newest first. */
export function BulkConversionList() {
  usePage('Bulk conversions', { label: 'Leads', to: '/leads' });
  const list = useInfiniteQuery({
    queryKey: ['bulk-conversions', 'all'],
    queryFn: ({ pageParam }) => body(api.leads.GET('/api/leads/bulk-conversions', { params: { query: { limit: 50, ...(pageParam ? { after: pageParam } : {}) } } })),
    initialPageParam: '', getNextPageParam: (page) => page.next || null, refetchInterval: 5_000,
  });
  if (list.isPending) return <Loading lines={8} label="Loading bulk conversions" />;
  if (list.isError) return <Failed what="The bulk conversions could not be loaded." error={list.error} retry={() => void list.refetch()} />;
  const jobs = list.data.pages.flatMap((page) => page.items);
  return (
    <div className={classes.page}>
      <div className={classes.head}><h1>Bulk conversions</h1><Link to="/leads/bulk-changes">Bulk changes</Link></div>
      {jobs.length === 0 ? <Empty action={<Button component={Link} to="/leads">Go to leads</Button>}>Nobody has converted many leads at once yet. Select leads in their list and choose Convert.</Empty> : (
        <ul className={classes.list} style={{ marginTop: 12 }}>
          {jobs.map((job) => (
            <li key={job.id} className={classes.one}>
              <span className="breaks"><Link to={`/leads/bulk-conversions/${job.id}`}>{job.dryRun && 'Trial: '}{number(job.total)} {job.total === 1 ? 'lead' : 'leads'}</Link><span className={`muted small ${classes.who}`}>{job.ruleName ? `by the rule “${job.ruleName}”` : job.createdByName} · <When at={job.createdAt} /></span></span>
              <span className="small">{isOver(job) ? '' : `${job.percent} % · `}{number(job.converted)} {job.dryRun ? 'could be' : 'converted'}{job.failed > 0 && `, ${number(job.failed)} not`}{job.skipped > 0 && `, ${number(job.skipped)} left alone`}</span>
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show more</Button>}
    </div>
  );
}
