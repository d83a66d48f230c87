import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { useUserName } from '@/features/users/queries';
import { useCustomSections } from '@/shared/custom/sections';
import { asIs } from '@/shared/list/rows';
import { FromLeads, Lines } from '@/shared/record/Links';
import { RecordPage } from '@/shared/record/RecordPage';
import { Loading, NoRecord } from '@/shared/States';
import { day, money } from '@/shared/time';
import { accountEditing, accountQuery, accountsChanged, accountSections, removeAccount, restoreAccount, type Account } from './accounts';

/** An account: who it is, its people and deals, and what happened with it. */
export function AccountPage() {
  const { id = '' } = useParams();
  const account = useQuery(accountQuery(id));
  usePage(account.data?.name ?? 'Account', { label: 'Accounts', to: '/accounts' });
  if (account.isPending) return <Loading lines={8} label="Loading the account" />;
  if (account.isError) return <NoRecord what="account" query={account} onward={{ label: 'Show the accounts', to: '/accounts' }} />;
  return <Whole key={id} account={account.data} />;
}

function Whole({ account }: { account: Account }) {
  const me = useMe();
  const custom = useCustomSections('accounts');
  const owner = useUserName(account.ownerId);
  const contacts = useQuery({ queryKey: ['contacts', 'of-account', account.id], queryFn: async () => (await body(api.accounts.GET('/api/accounts/{id}/contacts', { params: { path: { id: account.id }, query: { limit: 200 } } }))).items, enabled: me.may('contacts.read') });
  const deals = useQuery({ queryKey: ['opportunities', 'of-account', account.id], queryFn: async () => (await body(api.opportunities.GET('/api/opportunities', asIs(`accountId=${account.id}&limit=200`)))).items, enabled: me.may('opportunities.read') });
  const parent = useQuery({ ...accountQuery(account.parentAccountId ?? ''), enabled: !!account.parentAccountId });
  return (
    <RecordPage type="account" base="/accounts" record={account} name={account.name} subtitle={[account.type, account.industry].filter(Boolean).join(' · ')} sections={[...accountSections, ...custom.sections]} editing={accountEditing} mayEdit={me.may('accounts.edit') && !account.provisional}
      facts={[['Phone', account.phone && <a href={`tel:${account.phone}`}>{account.phone}</a>], ['Website', account.website && <a href={account.website} target="_blank" rel="noopener noreferrer nofollow">{account.website.replace(/^https?:\/\/(www\.)?/, '')}</a>], ['Owner', owner], ['Rating', account.rating],
        ['Part of', parent.data && <Link to={`/accounts/${parent.data.id}`}>{parent.data.name}</Link>]]}
      tabs={[
        ...me.may('contacts.read') ? [{ value: 'contacts', label: 'Contacts', show: () => <Lines query={contacts} what="contacts" none="Nobody there is known yet." line={(one) => <><Link to={`/contacts/${one.id}`}>{[one.firstName, one.lastName].filter(Boolean).join(' ')}</Link>{one.id === account.primaryContactId && <b className="small"> primary</b>} <span className="muted small breaks">{[one.title, one.email, one.phone].filter(Boolean).join(' · ')}</span></>} /> }] : [],
        ...me.may('opportunities.read') ? [{ value: 'opportunities', label: 'Opportunities', show: () => <Lines query={deals} what="opportunities" none="No deal has been begun." line={(one) => <><Link to={`/opportunities/${one.id}`}>{one.name}</Link> <span className="muted small breaks">{one.stage}{one.amount !== null && one.amount !== undefined && ` · ${money(one.amount, one.currency)}`} · closes {day(one.closeDate)}</span></>} /> }] : [],
      ]}
      side={<FromLeads ids={account.convertedFromLeads} />}
      historyPage={(after) => body(api.accounts.GET('/api/accounts/{id}/history', { params: { path: { id: account.id }, query: { limit: 50, ...(after ? { after } : {}) } } }))}
      remove={me.may('accounts.delete') ? () => removeAccount(account) : undefined} restore={() => restoreAccount(account.id)} listsChanged={accountsChanged} />
  );
}
