import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { AskFields } from '@/shared/board/AskFields';
import { Board, type BoardColumn } from '@/shared/board/Board';
import { BoardPage } from '@/shared/board/BoardPage';
import { useMoves } from '@/shared/board/useMoves';
import { apiSearch } from '@/shared/list/filters';
import { asIs } from '@/shared/list/rows';
import { tellFailure } from '@/shared/notices';
import { Failed, Loading } from '@/shared/States';
import { comes, dayAgo } from '@/shared/time';
import { moveTo } from './bulk';
import { leadEditing, reopen } from './changes';
import { detailFields, filterFields } from './fields';
import { leadQuery, listsChanged, nameOf, queuesQuery, statusesQuery, type Lead, type LeadRow, type Status } from './queries';
import { TurnDown } from './TurnDown';

const fields = filterFields.filter((field) => field.name !== 'status');
const tones = { open: 'info', nurturing: 'warning', qualified: 'good', notQualified: 'bad', converted: 'info' } as const;

/** Leads by status (VW4); moving one is the validated change of its status, and the last column converts. */
export function LeadBoard() {
  usePage('Board', { label: 'Leads', to: '/leads' });
  const me = useMe();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const statuses = useQuery(statusesQuery);
  const queues = useQuery(queuesQuery);
  const [turnDown, setTurnDown] = useState<{ row: LeadRow; status: Status } | null>(null);
  const steps = statuses.data?.filter((status) => status.isActive && (!status.isConverted || me.may('leads.convert'))) ?? [];
  const query = apiSearch(search, fields);
  const counts = useQuery({
    queryKey: ['leads', 'list', 'counts', 'status', query], placeholderData: keepPreviousData,
    queryFn: ({ signal }) => body(api.leads.GET('/api/leads/counts', { params: { query: { by: 'status' } }, querySerializer: () => `by=status&${query}`, signal })),
  });

  const moves = useMoves<LeadRow, { reason: string; followUpInDays: number }>({
    send: async (row, to, more) => ({ version: await moveTo(to, more)(row) }), fresh: async (id) => (await body(api.leads.GET('/api/leads/{id}', { params: { path: { id } } }))) as unknown as LeadRow,
    columnOf: (row) => row.status, nameOf: (name) => name, titleOf: nameOf, isField: (name) => detailFields.some((field) => field.name === name),
    refresh: () => { void queries.invalidateQueries({ queryKey: ['leads', 'one'] }); void queries.invalidateQueries({ queryKey: ['activities'] }); return listsChanged(); },
  });

  /** The way back of a lead that was turned down is to reopen it, which gives it the status it held. */
  const undo = (from: LeadRow, to: Status) => (moved: LeadRow) => {
    if (to.category !== 'notQualified') void moves.move({ ...moved, status: '' }, from.status);
    else void reopen(moved as unknown as Lead).then(listsChanged, (error) => tellFailure(Problem.of(error).message));
  };

  function onMove(row: LeadRow, { id }: BoardColumn) {
    const status = steps.find((one) => one.name === id)!;
    if (status.isConverted) void navigate(`/leads/${row.id}/convert`);
    else if (status.category === 'notQualified') setTurnDown({ row, status });
    else void moves.move(row, status.name, undefined, row.statusCategory === 'notQualified' ? undefined : undo(row, status));
  }

  if (statuses.isPending) return <Loading lines={8} label="Loading the statuses" />;
  if (statuses.isError) return <Failed what="The statuses could not be loaded." error={statuses.error} retry={() => void statuses.refetch()} />;

  const columns: BoardColumn[] = steps.map((status) => ({
    id: status.name, name: status.isConverted ? 'Convert' : status.name, tone: tones[status.category], count: counts.data && (counts.data.items.find((one) => one.value === status.name)?.count ?? 0),
    query: new URLSearchParams([['statusId', status.id], ...new URLSearchParams(query), ['sort', status.isConverted ? '-convertedAt' : '-score,-createdAt']]).toString(),
  }));

  return (
    <BoardPage title="Leads" total={counts.data?.total} base="/leads" fields={fields} hint="Name, company, e-mail, phone" newLabel="New lead" mayCreate={me.may('leads.create')}>
      {counts.isError && <Failed what="The leads could not be counted." error={counts.error} retry={() => void counts.refetch()} />}
      <Board columns={columns} cacheKey={['leads', 'list', 'board']} page={(window, signal) => body(api.leads.GET('/api/leads', { ...asIs(window), signal }))} columnOf={(row) => row.status} moving={moves.moving} mayMove={me.may('leads.edit')} onMove={onMove} what="leads"
        card={(row) => ({
          title: nameOf(row), to: `/leads/${row.id}`,
          lines: [row.company, row.score !== null && row.score !== undefined && `Score ${row.score}`, row.ownerName ?? queues.data?.find((queue) => queue.id === row.queueId)?.name, row.nextActivityAt ? comes(row.nextActivityAt) : row.followUpOn && `again ${dayAgo(row.followUpOn)}`],
        })} />
      {turnDown && <TurnDown status={turnDown.status} what={nameOf(turnDown.row)} onClose={() => setTurnDown(null)} onMove={(reason, followUpInDays) => { setTurnDown(null); void moves.move(turnDown.row, turnDown.status.name, { reason, followUpInDays }, undo(turnDown.row, turnDown.status)); }} />}
      {moves.asked && (
        <AskFields title={`${nameOf(moves.asked.row)} before ${moves.asked.to}`} text={moves.asked.text} fields={detailFields.filter((field) => moves.asked!.fields.includes(field.name))} onClose={() => moves.setAsked(null)}
          onSave={async (values) => {
            const { row, to } = moves.asked!;
            const now = await queries.fetchQuery({ ...leadQuery(row.id), staleTime: 0 });
            const saved = await leadEditing.patch(row.id, now.version, values);
            moves.setAsked(null);
            void moves.move({ ...row, version: saved.version }, to, undefined, undo(row, steps.find((one) => one.name === to)!));
          }} />
      )}
    </BoardPage>
  );
}
