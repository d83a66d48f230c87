import { LeadStatus } from '@/features/leads/LeadStatus';
import { statusNames, type CampaignStatus } from './campaigns';

const tones = { planned: 'nurturing', inProgress: 'open', completed: 'qualified', aborted: 'notQualified' } as const;

/** Where a campaign stands. */
export function CampaignBadge({ status }: { status: CampaignStatus }) {
  return <LeadStatus name={statusNames[status]} category={tones[status]} />;
}
