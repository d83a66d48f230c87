import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { useCustomSections } from '@/shared/custom/sections';
import { FromLeads, Lines } from '@/shared/record/Links';
import { RecordPage } from '@/shared/record/RecordPage';
import classes from '@/shared/record/RecordPage.module.css';
import { Loading, NoRecord } from '@/shared/States';
import { day, money } from '@/shared/time';
import { When } from '@/shared/When';
import { opportunitiesChanged, opportunityEditing, opportunityQuery, opportunitySections, removeOpportunity, restoreOpportunity, type Opportunity } from './opportunities';
import { People } from './People';
import { StagePath } from './StagePath';

/** A deal: its stage, its people, and what happened. */
export function OpportunityPage() {
  const { id = '' } = useParams();
  const opportunity = useQuery(opportunityQuery(id));
  usePage(opportunity.data?.name ?? 'Opportunity', { label: 'Opportunities', to: '/opportunities' });
  if (opportunity.isPending) return <Loading lines={8} label="Loading the opportunity" />;
  if (opportunity.isError) return <NoRecord what="opportunity" query={opportunity} onward={{ label: 'Show the opportunities', to: '/opportunities' }} />;
  return <Whole key={id} opportunity={opportunity.data} />;
}

function Whole({ opportunity }: { opportunity: Opportunity }) {
  const me = useMe();
  const custom = useCustomSections('opportunities');
  const mayEdit = me.may('opportunities.edit') && !opportunity.provisional;
  const moves = useQuery({ queryKey: ['opportunities', 'moves', opportunity.id], queryFn: async () => (await body(api.opportunities.GET('/api/opportunities/{id}/stages', { params: { path: { id: opportunity.id }, query: { limit: 100 } } }))).items });
  return (
    <RecordPage type="opportunity" base="/opportunities" record={opportunity} name={opportunity.name} subtitle={<Link to={`/accounts/${opportunity.accountId}`}>{opportunity.accountName || 'Account'}</Link>} sections={[...opportunitySections, ...custom.sections]} editing={opportunityEditing} mayEdit={mayEdit}
      facts={[['Amount', opportunity.amount !== null && opportunity.amount !== undefined && money(opportunity.amount, opportunity.currency)], ['Closes', opportunity.stageCategory === 'open' ? day(opportunity.closeDate) : null], ['Probability', `${opportunity.probability} %`], ['Owner', opportunity.ownerName],
        ['In this stage', <>{opportunity.daysInStage} {opportunity.daysInStage === 1 ? 'day' : 'days'}{opportunity.rotting && <span className={classes.warning}> · longer than it should</span>}</>], ['Because', opportunity.closeReason]]}
      below={<StagePath opportunity={opportunity} mayEdit={mayEdit} />}
      tabs={[{ value: 'moves', label: 'Stages', show: () => <Lines query={moves} what="stages" none="It has not moved." line={(one) => <><b>{one.toStage}</b> <span className="muted small breaks">{one.fromStage && `from ${one.fromStage} · `}{one.amount !== null && one.amount !== undefined && `${money(one.amount, one.currency)} · `}{one.probability} % · {one.actorName || 'LeadCrm'} · <When at={one.at} />{one.reason && ` · ${one.reason}`}</span></>} /> }]}
      side={<><People opportunity={opportunity} mayEdit={mayEdit} /><FromLeads ids={opportunity.leads.map((lead) => lead.leadId)} /></>}
      historyPage={(after) => body(api.opportunities.GET('/api/opportunities/{id}/history', { params: { path: { id: opportunity.id }, query: { limit: 50, ...(after ? { after } : {}) } } }))}
      remove={me.may('opportunities.delete') ? () => removeOpportunity(opportunity) : undefined} restore={() => restoreOpportunity(opportunity.id)} listsChanged={opportunitiesChanged} />
  );
}
