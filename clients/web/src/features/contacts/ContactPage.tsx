import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { accountQuery } from '@/features/accounts/accounts';
import { Campaigns } from '@/features/leads/Campaigns';
import { useMe } from '@/features/session/session';
import { useUserName } from '@/features/users/queries';
import { useCustomSections } from '@/shared/custom/sections';
import { FromLeads } from '@/shared/record/Links';
import { RecordPage } from '@/shared/record/RecordPage';
import { Loading, NoRecord } from '@/shared/States';
import { contactEditing, contactQuery, contactsChanged, contactSections, nameOfContact, removeContact, restoreContact, type Contact } from './contacts';

/** A person at an account. */
export function ContactPage() {
  const { id = '' } = useParams();
  const contact = useQuery(contactQuery(id));
  usePage(contact.data ? nameOfContact(contact.data) : 'Contact', { label: 'Contacts', to: '/contacts' });
  if (contact.isPending) return <Loading lines={8} label="Loading the contact" />;
  if (contact.isError) return <NoRecord what="contact" query={contact} onward={{ label: 'Show the contacts', to: '/contacts' }} />;
  return <Whole key={id} contact={contact.data} />;
}

function Whole({ contact }: { contact: Contact }) {
  const me = useMe();
  const custom = useCustomSections('contacts');
  const owner = useUserName(contact.ownerId);
  const account = useQuery({ ...accountQuery(contact.accountId ?? ''), enabled: !!contact.accountId && me.may('accounts.read') });
  return (
    <RecordPage type="contact" base="/contacts" record={contact} name={nameOfContact(contact)} subtitle={<>{contact.title}{contact.title && account.data && ' · '}{account.data && <Link to={`/accounts/${account.data.id}`}>{account.data.name}</Link>}</>} sections={[...contactSections, ...custom.sections]} editing={contactEditing}
      mayEdit={me.may('contacts.edit') && !contact.provisional}
      facts={[['Phone', contact.phone && (contact.doNotCall ? `${contact.phone} · do not call` : <a href={`tel:${contact.phone}`}>{contact.phone}</a>)], ['E-mail', contact.email && (contact.emailOptOut ? `${contact.email} · opted out` : <a href={`mailto:${contact.email}`}>{contact.email}</a>)], ['Owner', owner]]}
      tabs={me.may('campaigns.read') ? [{ value: 'campaigns', label: 'Campaigns', show: () => <Campaigns who={{ contactId: contact.id }} name={nameOfContact(contact)} /> }] : []}
      side={<FromLeads ids={contact.convertedFromLeads} />}
      historyPage={(after) => body(api.accounts.GET('/api/contacts/{id}/history', { params: { path: { id: contact.id }, query: { limit: 50, ...(after ? { after } : {}) } } }))}
      remove={me.may('contacts.delete') ? () => removeContact(contact) : undefined} restore={() => restoreContact(contact.id)} listsChanged={contactsChanged} />
  );
}
