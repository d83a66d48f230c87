import { useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import { useMe } from '@/features/session/session';
import { useCustomList } from '@/shared/custom/lists';
import { ListPage } from '@/shared/list/ListPage';
import { asIs } from '@/shared/list/rows';
import { Since } from '@/shared/list/Since';
import type { Column } from '@/shared/list/types';
import { Loading } from '@/shared/States';
import { day, money } from '@/shared/time';
import { opportunityFilters, opportunityQuery, pipelinesQuery, type OpportunityRow } from './opportunities';
import { StageBadge } from './StageBadge';

/** Deals in progress, and those that were won or lost. */
export function OpportunityList() {
  const me = useMe();
  const custom = useCustomList<OpportunityRow>('opportunities');
  const pipelines = useQuery(pipelinesQuery);
  const stages = [...new Set(pipelines.data?.flatMap((pipeline) => pipeline.stages.map((stage) => stage.name)) ?? [])];
  const amount = (row: OpportunityRow) => row.amount === null || row.amount === undefined ? null : money(row.amount, row.currency);
  const columns: Column<OpportunityRow>[] = [
    { name: 'name', label: 'Name', width: 240, sort: 'name', show: (row) => row.name },
    { name: 'account', label: 'Account', width: 200, show: (row) => row.accountName },
    { name: 'stage', label: 'Stage', width: 150, show: (row) => <StageBadge name={row.stage} category={row.stageCategory} /> },
    { name: 'amount', label: 'Amount', width: 140, sort: 'amount', right: true, show: (row) => amount(row) },
    { name: 'closeDate', label: 'Close date', width: 120, sort: 'closeDate', show: (row) => day(row.closeDate) },
    { name: 'probability', label: 'Probability', width: 100, sort: 'probability', right: true, show: (row) => `${row.probability} %` },
    { name: 'days', label: 'In stage', width: 130, show: (row) => <span title={row.rotting ? 'Longer than this stage should take' : undefined}>{row.daysInStage} {row.daysInStage === 1 ? 'day' : 'days'}{row.rotting && ' · late'}</span> },
    { name: 'owner', label: 'Owner', width: 150, show: (row) => row.ownerName },
    { name: 'nextStep', label: 'Next step', width: 200, show: (row) => row.nextStep },
    { name: 'source', label: 'Source', width: 120, sort: 'source', show: (row) => row.source },
    { name: 'createdAt', label: 'Created', width: 120, sort: 'createdAt', show: (row) => <Since at={row.createdAt} /> },
  ];
  if (custom.isPending) return <Loading lines={12} label="Loading the list" />;
  return (
    <ListPage title="Opportunities" name="opportunities" storage="opportunities" base="/opportunities" board="/opportunities/board" order="closeDate" fields={[...opportunityFilters, ...custom.filters]} choices={{ ...custom.choices, stage: stages, stageCategory: ['open', 'won', 'lost'] }} columns={[...columns, ...custom.columns]}
      usual={['account', 'stage', 'amount', 'closeDate', 'probability', 'days', 'owner']}
      cacheKey={['opportunities', 'list']} page={(query, signal) => body(api.opportunities.GET('/api/opportunities', { ...asIs(query), signal }))}
      lines={(row) => ({ title: row.name, badge: <StageBadge name={row.stage} category={row.stageCategory} />, subtitle: row.accountName, aside: amount(row) })} prefetch={(id) => void queries.prefetchQuery(opportunityQuery(id))}
      mayCreate={me.may('opportunities.create')} createLabel="New opportunity" exports={(search) => `/api/opportunities?${search}&format=csv`} empty="Opportunities are deals in progress. Converting a lead makes one." hint="Name" />
  );
}
