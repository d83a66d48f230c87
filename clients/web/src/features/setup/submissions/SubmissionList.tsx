import { Button, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { Rows } from '@/shared/Rows';
import { Empty, Failed, Loading } from '@/shared/States';
import { Tag } from '@/shared/Tag';
import { When } from '@/shared/When';
import { SetupPage } from '../SetupPage';
import { statusNames, submissionsPage, suspicionInWords, type Status } from './queries';

const tones = { quarantined: 'warning', refused: 'bad', captured: 'good', waiting: 'information', handedOn: 'information', discarded: 'neutral' } as const;

export const StatusTag = ({ status }: { status: Status }) => <Tag tone={tones[status]}>{statusNames[status]}</Tag>;

/** What forms brought in, newest first; as it opens, what waits for a decision. */
export function SubmissionList() {
  const [search, setSearch] = useSearchParams();
  const status = search.get('status') ?? 'quarantined';
  const wanted = status === 'all' ? '' : status;
  const list = useInfiniteQuery({ queryKey: ['submissions', 'list', wanted], queryFn: ({ pageParam }) => submissionsPage(wanted, pageParam), initialPageParam: '', getNextPageParam: (page) => page.next || null });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const empties: Record<string, string> = { quarantined: 'No submission is suspected.', refused: 'None was refused.', all: 'No form has brought anything in yet.' };
  return (
    <SetupPage title="Form submissions" what="What is suspected waits for you: a person’s you release, the rest you discard. What the leads refused you correct and send once more. Nothing is lost.">
      <Select aria-label="Which submissions" allowDeselect={false} maw={260} data={[...Object.entries(statusNames).map(([value, label]) => ({ value, label })), { value: 'all', label: 'All' }]} value={status} onChange={(next) => setSearch(next && next !== 'quarantined' ? { status: next } : {}, { replace: true })} />
      {list.isPending ? <Loading lines={8} label="Loading submissions" /> : list.isError ? <Failed what="The submissions could not be loaded." error={list.error} retry={() => void list.refetch()} />
        : items.length === 0 ? <Empty>{empties[status] ?? 'There are none.'}</Empty>
        : <Rows label="Submissions" rows={items.map((one) => ({ key: one.id, to: `/setup/submissions/${one.id}`, title: one.email || 'Without an e-mail', badges: <StatusTag status={one.status} />, subtitle: one.suspicions.map(suspicionInWords).join('. '), aside: <When at={one.receivedAt} /> }))} />}
      {list.hasNextPage && <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()} style={{ alignSelf: 'flex-start' }}>Show older</Button>}
    </SetupPage>
  );
}
