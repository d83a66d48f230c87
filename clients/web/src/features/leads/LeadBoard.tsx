import { Select } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { AskFields } from '@/shared/board/AskFields';
import { Board, type BoardColumn } from '@/shared/board/Board';
import board from '@/shared/board/Board.module.css';
import { BoardPage } from '@/shared/board/BoardPage';
import { useMoves } from '@/shared/board/useMoves';
import { apiSearch } from '@/shared/list/filters';
import { asIs } from '@/shared/list/rows';
import { Failed, Loading } from '@/shared/States';
import { comes, dayAgo } from '@/shared/time';
import { moveTo } from './bulk';
import { leadEditing, reopen } from './changes';
import { filterFields } from './fields';
import { useLeadFields } from './pickLists';
import { useOverdue } from './overdue';
import { leadQuery, listsChanged, nameOf, queuesQuery, statusesQuery, type Lead, type LeadRow, type Status } from './queries';
import { TurnDown } from './TurnDown';
import { placeOf, viewsQuery } from './views';

const fields = filterFields.filter((field) => field.name !== 'status');
const tones = { open: 'info', nurturing: 'warning', qualified: 'good', notQualified: 'bad', converted: 'info' } as const;

/** The leads of a view by status (VW4); moving one is the validated change of its status, and the last column converts. */
export function LeadBoard() {
  usePage('Board', { label: 'Leads', to: '/leads' });
  const { view = 'all' } = useParams();
  const me = useMe();
  const views = useQuery(viewsQuery);
  const isOverdue = useOverdue();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const statuses = useQuery(statusesQuery);
  const queues = useQuery(queuesQuery);
  const { detailFields, choices } = useLeadFields();
  const [turnDown, setTurnDown] = useState<{ row: LeadRow; status: Status } | null>(null);
  const steps = statuses.data?.filter((status) => status.isActive && (!status.isConverted || me.may('leads.convert'))) ?? [];
  const query = apiSearch(search, fields);
  const counts = useQuery({
    queryKey: ['leads', 'list', 'counts', 'status', view, query], placeholderData: keepPreviousData,
    queryFn: ({ signal }) => body(api.leads.GET('/api/leads/counts', { params: { query: { by: 'status' } }, querySerializer: () => `by=status&view=${view}&${query}`, signal })),
  });

  const moves = useMoves<LeadRow, { reason: string; followUpInDays: number }>({
    send: async (row, to, more) => ({ version: await moveTo(to, more)(row) }), fresh: async (id) => (await body(api.leads.GET('/api/leads/{id}', { params: { path: { id } } }))) as unknown as LeadRow,
    columnOf: (row) => row.status, nameOf: (name) => name, titleOf: nameOf, isField: (name) => detailFields.some((field) => field.name === name),
    refresh: () => { void queries.invalidateQueries({ queryKey: ['leads', 'one'] }); void queries.invalidateQueries({ queryKey: ['activities'] }); return listsChanged(); },
  });

  /** The way back of a lead that was turned down is to reopen it, which gives it the status it held. */
  const undo = (from: LeadRow, to: Status) => (moved: LeadRow) => {
    if (to.category !== 'notQualified') void moves.move({ ...moved, status: to.name }, from.status);
    else void moves.move(moved, from.status, undefined, undefined, () => reopen(moved as unknown as Lead));
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
    query: new URLSearchParams([['view', view], ['statusId', status.id], ...new URLSearchParams(query), ['sort', status.isConverted ? '-convertedAt' : '-score,-createdAt']]).toString(),
  }));

  return (
    <BoardPage title="Leads" total={counts.data?.total} base="/leads" table={placeOf(view)} fields={fields} choices={choices} hint="Name, company, e-mail, phone" newLabel="New lead" mayCreate={me.may('leads.create')}
      more={<Select size="xs" w={170} aria-label="View" allowDeselect={false} searchable data={views.data?.map((one) => ({ value: one.id, label: one.name })) ?? []} value={views.data ? view : null} onChange={(next) => next && void navigate(`${next === 'all' ? '/leads/board' : `/leads/views/${next}/board`}?${search}`)} />}>
      {counts.isError && <Failed what="The leads could not be counted." error={counts.error} retry={() => void counts.refetch()} />}
      <Board columns={columns} cacheKey={['leads', 'list', 'board']} page={(window, signal) => body(api.leads.GET('/api/leads', { ...asIs(window), signal }))} columnOf={(row) => row.status} moving={moves.moving} mayMove={me.may('leads.edit')} onMove={onMove} what="leads"
        card={(row) => ({
          title: nameOf(row), to: `/leads/${row.id}`,
          lines: [row.company, row.score !== null && row.score !== undefined && `Score ${row.score}`, row.ownerName ?? queues.data?.find((queue) => queue.id === row.queueId)?.name, row.nextActivityAt ? comes(row.nextActivityAt) : row.followUpOn && `again ${dayAgo(row.followUpOn)}`, isOverdue(row) && <span key="overdue" className={board.late}>Overdue</span>],
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
