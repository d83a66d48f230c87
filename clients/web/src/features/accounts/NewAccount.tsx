import { useNavigate } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { useCustomSections } from '@/shared/custom/sections';
import { tell } from '@/shared/notices';
import { RecordForm } from '@/shared/record/RecordForm';
import { accountEditing, accountSections } from './accounts';

const first = ['name', 'website', 'phone', 'industry'].map((name) => accountSections[0]!.fields.find((field) => field.name === name)!);
const rest = accountSections.map((section) => ({ ...section, fields: section.fields.filter((field) => !first.includes(field)) }));

const nothing: Record<string, string> = {};

export function NewAccount() {
  usePage('New account', { label: 'Accounts', to: '/accounts' });
  const navigate = useNavigate();
  const custom = useCustomSections('accounts');
  return (
    <RecordForm title="New account" draft="new-account" first={[...first, ...custom.first]} rest={[...rest, ...custom.rest]} start={custom.start} saveLabel="Save account" cancelTo="/accounts"
      check={(typed, fields) => fields.includes('name') && !String(typed.name ?? '').trim() ? { name: 'Enter a name.' } : nothing}
      save={async (account, key) => {
        const made = await body(api.accounts.POST('/api/accounts', { params: { header: { 'Idempotency-Key': key } }, body: account }));
        accountEditing.keep(made);
        tell(`${made.name} is an account now.`);
        await navigate(`/accounts/${made.id}`);
      }} />
  );
}
