import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import classes from '@/shared/list/ListPage.module.css';
import { Failed, Loading } from '@/shared/States';
import { outcomesPage, type ChangeOutcome, type OutcomeState } from './bulkChanges';

/** What became of each lead, the first of them; more on demand. */
export function ChangeOutcomes({ id, state, live }: { id: string; state: OutcomeState | null; live: boolean }) {
  const list = useInfiniteQuery({
    queryKey: ['bulk-changes', id, 'leads', state],
    queryFn: ({ pageParam }) => outcomesPage(id, state, pageParam, 200),
    initialPageParam: '', getNextPageParam: (page) => page.next || null, refetchInterval: live ? 2_000 : false,
  });
  if (list.isPending) return <Loading lines={5} />;
  if (list.isError) return <Failed what="The outcomes could not be loaded." error={list.error} retry={() => void list.refetch()} />;
  const rows = list.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <p className="muted">None so far.</p>;
  return (
    <>
      <ul className={classes.results} aria-label="Outcomes">{rows.map((row) => <One key={row.leadId} row={row} />)}</ul>
      {list.hasNextPage && <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show more</Button>}
    </>
  );
}

const titles: Record<OutcomeState, string> = { waiting: 'To come', changed: 'Changed', refused: 'Not changed', cancelled: 'Stopped before its turn' };

function One({ row }: { row: ChangeOutcome }) {
  const Icon = row.state === 'changed' ? IconCheck : row.state === 'refused' ? IconAlertTriangle : IconClock;
  const problem = row.problem?.detail ?? (row.state === 'cancelled' ? 'Stopped before its turn came.' : null);
  return (
    <li>
      <Icon size={16} className={row.state === 'changed' ? classes.ok : row.state === 'refused' ? classes.wrong : undefined} aria-label={titles[row.state]} />
      <span className="breaks">{row.name ? <Link to={`/leads/${row.leadId}`}>{row.name}</Link> : 'A lead that you may not see'}{problem && <><br /><span className="muted">{problem}</span></>}</span>
    </li>
  );
}
