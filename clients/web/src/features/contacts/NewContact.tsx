import { useNavigate, useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { useCustomSections } from '@/shared/custom/sections';
import { tell } from '@/shared/notices';
import { RecordForm } from '@/shared/record/RecordForm';
import type { Field } from '@/shared/record/types';
import { contactEditing, contactSections, nameOfContact } from './contacts';

const known = contactSections[0]!.fields;
const first: Field[] = [...['lastName', 'firstName'].map((name) => known.find((field) => field.name === name)!), { name: 'accountId', label: 'Account', kind: 'account' }, ...['email', 'phone', 'title'].map((name) => known.find((field) => field.name === name)!)];
const rest = contactSections.map((section) => ({ ...section, fields: section.fields.filter((field) => !first.includes(field)) }));

const nothing: Record<string, string> = {};

export function NewContact() {
  usePage('New contact', { label: 'Contacts', to: '/contacts' });
  const navigate = useNavigate();
  const custom = useCustomSections('contacts');
  const account = useSearchParams()[0].get('account');
  return (
    <RecordForm title="New contact" draft="new-contact" first={[...first, ...custom.first]} rest={[...rest, ...custom.rest]} start={{ ...custom.start, ...account ? { accountId: account } : {} }} saveLabel="Save contact" cancelTo="/contacts"
      check={(typed, fields) => fields.includes('lastName') && !String(typed.lastName ?? '').trim() ? { lastName: 'Enter a last name.' } : nothing}
      save={async (contact, key) => {
        const made = await body(api.accounts.POST('/api/contacts', { params: { header: { 'Idempotency-Key': key } }, body: contact }));
        contactEditing.keep(made);
        tell(`${nameOfContact(made)} is a contact now.`);
        await navigate(`/contacts/${made.id}`);
      }} />
  );
}
