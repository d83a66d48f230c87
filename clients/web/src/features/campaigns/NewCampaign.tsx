import { useNavigate } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { tell } from '@/shared/notices';
import { RecordForm } from '@/shared/record/RecordForm';
import { campaignEditing, campaignSections } from './campaigns';

const first = ['name', 'type', 'startsOn', 'endsOn'].map((name) => campaignSections[0]!.fields.find((field) => field.name === name)!);
const rest = campaignSections.map((section) => ({ ...section, fields: section.fields.filter((field) => !first.includes(field)) }));
const nothing: Record<string, string> = {};

export function NewCampaign() {
  usePage('New campaign', { label: 'Campaigns', to: '/campaigns' });
  const navigate = useNavigate();
  return (
    <RecordForm title="New campaign" draft="new-campaign" first={first} rest={rest} saveLabel="Save campaign" cancelTo="/campaigns"
      check={(typed, fields) => fields.includes('name') && !String(typed.name ?? '').trim() ? { name: 'Enter a name.' } : nothing}
      save={async (campaign, key) => {
        const made = await body(api.campaigns.POST('/api/campaigns', { params: { header: { 'Idempotency-Key': key } }, body: campaign }));
        campaignEditing.keep(made);
        tell(`${made.name} is a campaign now. Add its members here, or from the list of leads.`);
        await navigate(`/campaigns/${made.id}`);
      }} />
  );
}
