import { Select } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { AskFields } from '@/shared/board/AskFields';
import { Board, type BoardColumn } from '@/shared/board/Board';
import classes from '@/shared/board/Board.module.css';
import { BoardPage } from '@/shared/board/BoardPage';
import { useMoves } from '@/shared/board/useMoves';
import { apiSearch } from '@/shared/list/filters';
import { asIs } from '@/shared/list/rows';
import { Failed, Loading } from '@/shared/States';
import { day, money } from '@/shared/time';
import { CloseStage } from './CloseStage';
import { opportunitiesChanged, opportunityEditing, opportunityFilters, opportunitySections, pipelinesQuery, sendToStage, type OpportunityRow, type Stage } from './opportunities';

const fields = opportunityFilters.filter((field) => field.name !== 'stage' && field.name !== 'stageCategory');
const askable = opportunitySections.flatMap((section) => section.fields).filter((field) => field.kind !== 'account');
const tones = { open: 'info', won: 'good', lost: 'bad' } as const;

/** Deals by stage with what each stage comes to (OP4); moving one is the validated change of its stage. */
export function OpportunityBoard() {
  usePage('Board', { label: 'Opportunities', to: '/opportunities' });
  const me = useMe();
  const [search, setSearch] = useSearchParams();
  const pipelines = useQuery(pipelinesQuery);
  const [close, setClose] = useState<{ row: OpportunityRow; stage: Stage } | null>(null);
  const pipeline = pipelines.data?.find((one) => one.id === search.get('pipeline')) ?? pipelines.data?.find((one) => one.isDefault) ?? pipelines.data?.[0];
  const stages = pipeline?.stages.toSorted((a, b) => a.position - b.position) ?? [];
  const known = new URLSearchParams(search);
  known.delete('pipeline');
  const query = apiSearch(known, fields);
  const totals = useQuery({
    queryKey: ['opportunities', 'list', 'totals', pipeline?.id, query], enabled: !!pipeline, placeholderData: keepPreviousData,
    queryFn: ({ signal }) => body(api.opportunities.GET('/api/opportunities/totals', { querySerializer: () => `pipelineId=${pipeline!.id}&${query}`, signal })),
  });

  const moves = useMoves<OpportunityRow, string>({
    send: (row, to, reason) => sendToStage(row, to, reason),
    fresh: async (id) => (await body(api.opportunities.GET('/api/opportunities/{id}', { params: { path: { id } } }))) as unknown as OpportunityRow,
    columnOf: (row) => row.stageId, nameOf: (id) => stages.find((stage) => stage.id === id)?.name ?? 'another pipeline', titleOf: (row) => row.name,
    isField: (name) => askable.some((field) => field.name === name),
    refresh: () => { void queries.invalidateQueries({ queryKey: ['opportunities', 'one'] }); return opportunitiesChanged(); },
  });

  function onMove(row: OpportunityRow, to: BoardColumn) {
    const stage = stages.find((one) => one.id === to.id)!;
    if (stage.category !== 'open') setClose({ row, stage });
    else void moves.move(row, to.id, undefined, (moved) => back({ ...moved, stageId: to.id }, row));
  }

  /** The way back; a deal that was closed asks for its reason as before. */
  const back = (moved: OpportunityRow, from: OpportunityRow) => void moves.move(moved, from.stageId, 'Taken back');

  if (pipelines.isPending) return <Loading lines={8} label="Loading the stages" />;
  if (pipelines.isError) return <Failed what="The stages could not be loaded." error={pipelines.error} retry={() => void pipelines.refetch()} />;

  const columns: BoardColumn[] = stages.map((stage) => {
    const all = totals.data?.items.filter((one) => one.stageId === stage.id) ?? [];
    const worth = all.filter((one) => one.amount > 0).toSorted((a, b) => b.amount - a.amount);
    return {
      id: stage.id, name: stage.name, tone: tones[stage.category], count: totals.data && all.reduce((sum, one) => sum + one.count, 0),
      sums: totals.data && worth.map((one, i) => <span key={one.currency} title={stage.category === 'open' ? `${money(Math.round(one.weighted), one.currency)} by probability` : undefined}>{i > 0 && ' · '}{money(one.amount, one.currency)}</span>),
      query: new URLSearchParams([['stageId', stage.id], ...new URLSearchParams(query), ['sort', stage.category === 'open' ? 'closeDate' : '-closedAt']]).toString(),
    };
  });

  return (
    <BoardPage title="Opportunities" total={totals.data?.items.reduce((sum, one) => sum + one.count, 0)} base="/opportunities" fields={fields} hint="Name, account" newLabel="New opportunity" mayCreate={me.may('opportunities.create')}
      more={pipelines.data.length > 1 && <Select aria-label="Pipeline" w={180} allowDeselect={false} data={pipelines.data.map((one) => ({ value: one.id, label: one.name }))} value={pipeline?.id ?? null} onChange={(id) => { const next = new URLSearchParams(search); next.set('pipeline', id!); setSearch(next, { replace: true }); }} />}>
      {totals.isError && <Failed what="The sums could not be worked out." error={totals.error} retry={() => void totals.refetch()} />}
      <Board columns={columns} cacheKey={['opportunities', 'list', 'board']} page={(window, signal) => body(api.opportunities.GET('/api/opportunities', { ...asIs(window), signal }))} columnOf={(row) => row.stageId} moving={moves.moving} mayMove={me.may('opportunities.edit')} onMove={onMove} what="opportunities"
        card={(row) => ({
          title: row.name, to: `/opportunities/${row.id}`,
          lines: [row.accountName !== row.name && row.accountName, row.amount !== null && row.amount !== undefined && <b key="amount" className="figures">{money(row.amount, row.currency)}</b>, row.stageCategory === 'open' ? `closes ${day(row.closeDate)}` : null, row.ownerName, row.rotting && <span key="late" className={classes.late}>{row.daysInStage} days here: late</span>],
        })} />
      {close && <CloseStage stage={close.stage} name={close.row.name} busy={false} onClose={() => setClose(null)} onMove={(reason) => { setClose(null); void moves.move(close.row, close.stage.id, reason, (moved) => back({ ...moved, stageId: close.stage.id }, close.row)); }} />}
      {moves.asked && (
        <AskFields title={`${moves.asked.row.name} before ${stages.find((stage) => stage.id === moves.asked!.to)?.name}`} text={moves.asked.text} fields={askable.filter((field) => moves.asked!.fields.includes(field.name))} onClose={() => moves.setAsked(null)}
          onSave={async (values) => {
            const { row, to } = moves.asked!;
            const now = await opportunityEditing.read(row.id);
            const saved = await opportunityEditing.patch(row.id, now.version, values);
            moves.setAsked(null);
            void moves.move({ ...row, version: saved.version }, to, undefined, (moved) => back({ ...moved, stageId: to }, row));
          }} />
      )}
    </BoardPage>
  );
}
