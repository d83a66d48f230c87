import { useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { Failed, Loading } from '@/shared/States';
import { When } from '@/shared/When';
import classes from '@/shared/record/RecordPage.module.css';

/** Which campaigns reached the lead, and how it answered. */
export function Campaigns({ leadId }: { leadId: string }) {
  const list = useQuery({ queryKey: ['campaigns', 'of-lead', leadId], queryFn: () => body(api.campaigns.GET('/api/campaigns/memberships', { params: { query: { leadId, limit: 100 } } })) });
  if (list.isPending) return <Loading lines={3} />;
  if (list.isError) return <Failed what="The campaigns could not be loaded." error={list.error} retry={() => list.refetch()} />;
  if (list.data.items.length === 0) return <p className="muted">No campaign has reached this lead. Campaigns that it becomes a member of are shown here.</p>;
  return (
    <ul className={classes.plain}>
      {list.data.items.map((member) => (
        <li key={member.id}><b className="breaks">{member.campaignName}</b> <span className="muted small">{[member.campaignType, member.status].filter(Boolean).join(' · ')}{member.responded && <> · responded <When at={member.firstRespondedAt} /></>} · member since <When at={member.createdAt} /></span></li>
      ))}
    </ul>
  );
}
