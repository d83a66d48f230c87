import { useNavigate, useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { useCustomSections } from '@/shared/custom/sections';
import { tell } from '@/shared/notices';
import { RecordForm } from '@/shared/record/RecordForm';
import type { Field } from '@/shared/record/types';
import { opportunityEditing, opportunitySections } from './opportunities';

const known = opportunitySections[0]!.fields;
const pick = (...names: string[]) => names.map((name) => known.find((field) => field.name === name)!);
const first: Field[] = [...pick('name'), { name: 'accountId', label: 'Account', kind: 'account' }, ...pick('amount', 'currency', 'closeDate', 'nextStep')];
const rest = [{ title: 'More', fields: pick('type', 'source', 'description') }];

export function NewOpportunity() {
  usePage('New opportunity', { label: 'Opportunities', to: '/opportunities' });
  const navigate = useNavigate();
  const custom = useCustomSections('opportunities');
  const account = useSearchParams()[0].get('account');
  return (
    <RecordForm title="New opportunity" draft="new-opportunity" first={[...first, ...custom.first]} rest={[...rest, ...custom.rest]} start={{ ...custom.start, ...account ? { accountId: account } : {} }} saveLabel="Save opportunity" cancelTo="/opportunities"
      check={(typed, fields) => ({
        ...fields.includes('name') && !String(typed.name ?? '').trim() ? { name: 'Enter a name.' } : {},
        ...fields.includes('accountId') && !typed.accountId ? { accountId: 'Choose the account that would buy.' } : {},
      })}
      save={async (opportunity, key) => {
        const made = await body(api.opportunities.POST('/api/opportunities', { params: { header: { 'Idempotency-Key': key } }, body: opportunity }));
        opportunityEditing.keep(made);
        tell(`${made.name} is an opportunity now.`);
        await navigate(`/opportunities/${made.id}`);
      }} />
  );
}
