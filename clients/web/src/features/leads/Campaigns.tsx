import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { useMe } from '@/features/session/session';
import { Failed, Loading } from '@/shared/States';
import { When } from '@/shared/When';
import classes from '@/shared/record/RecordPage.module.css';

const AddToCampaign = lazy(() => import('@/features/campaigns/AddToCampaign'));

/** Which campaigns reached a lead or contact, how it answered, and one more. */
export function Campaigns({ who, name }: { who: { leadId: string } | { contactId: string }; name: string }) {
  const me = useMe();
  const [adding, setAdding] = useState(false);
  const isLead = 'leadId' in who;
  const id = isLead ? who.leadId : who.contactId;
  const list = useQuery({ queryKey: ['campaigns', isLead ? 'of-lead' : 'of-contact', id], queryFn: () => body(api.campaigns.GET('/api/campaigns/memberships', { params: { query: { ...who, limit: 100 } } })) });
  if (list.isPending) return <Loading lines={3} />;
  if (list.isError) return <Failed what="The campaigns could not be loaded." error={list.error} retry={() => void list.refetch()} />;
  return (
    <>
      {list.data.items.length === 0 && <p className="muted">No campaign has reached {isLead ? 'this lead' : 'this person'}. Campaigns that {isLead ? 'it becomes' : 'they become'} a member of are shown here.</p>}
      <ul className={classes.plain}>
        {list.data.items.map((member) => (
          <li key={member.id}><Link className="breaks" to={`/campaigns/${member.campaignId}`}>{member.campaignName}</Link> <span className="muted small">{[member.campaignType, member.status].filter(Boolean).join(' · ')}{member.responded && member.firstRespondedAt && <> · responded <When at={member.firstRespondedAt} /></>} · member since <When at={member.createdAt} /></span></li>
        ))}
      </ul>
      {me.may('campaigns.edit') && <Button variant="default" mt="sm" onClick={() => setAdding(true)}>Add to a campaign</Button>}
      <Suspense>{adding && <AddToCampaign who={isLead ? { leadIds: [id] } : { contactIds: [id] }} what={name} onClose={() => setAdding(false)} />}</Suspense>
    </>
  );
}
