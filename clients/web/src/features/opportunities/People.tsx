import { ActionIcon, Button, Menu, Select } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, body, ifMatch } from '@/api/client';
import { Problem } from '@/api/problem';
import type { components } from '@/api/schema/opportunities';
import { nameOfContact } from '@/features/contacts/contacts';
import { useMe } from '@/features/session/session';
import { tell, tellFailure } from '@/shared/notices';
import classes from '@/shared/record/RecordPage.module.css';
import { opportunityEditing, type Opportunity } from './opportunities';

type Role = components['schemas']['ContactRoleResponse'];
type Kind = NonNullable<Role['role']>;

const kinds: [Kind, string][] = [['decisionMaker', 'Decision maker'], ['economicBuyer', 'Economic buyer'], ['influencer', 'Influencer'], ['evaluator', 'Evaluator'], ['user', 'User'], ['other', 'Other']];
const nameOfKind = (kind: Kind | null | undefined) => kinds.find(([one]) => one === kind)?.[1];

/** Who takes part in a deal and as what (OP5); one of them is the primary contact. */
export function People({ opportunity, mayEdit }: { opportunity: Opportunity; mayEdit: boolean }) {
  const me = useMe();
  const [adding, setAdding] = useState(false);
  const there = useQuery({
    queryKey: ['contacts', 'of-account', opportunity.accountId], enabled: adding && me.may('contacts.read'),
    queryFn: async () => (await body(api.accounts.GET('/api/accounts/{id}/contacts', { params: { path: { id: opportunity.accountId }, query: { limit: 200 } } }))).items,
  });
  const free = (there.data ?? []).filter((contact) => !opportunity.contactRoles.some((role) => role.contactId === contact.id));

  async function change(what: Promise<Opportunity>, said: string) {
    try {
      opportunityEditing.keep(await what);
      tell(said);
    } catch (error) {
      tellFailure([Problem.of(error).message, ...Object.values(Problem.of(error).errors).flat()].join(' '));
      if (Problem.of(error).isConflict) await opportunityEditing.read(opportunity.id).then(opportunityEditing.keep);
    }
  }

  const params = (contactId: string) => ({ path: { id: opportunity.id, contactId }, header: { 'If-Match': ifMatch(opportunity.version) } });
  const set = (contactId: string, role: Kind, isPrimary: boolean) => body(api.opportunities.PUT('/api/opportunities/{id}/contact-roles/{contactId}', { params: params(contactId), body: { role, isPrimary } })) as Promise<Opportunity>;
  const drop = (role: Role) => change(body(api.opportunities.DELETE('/api/opportunities/{id}/contact-roles/{contactId}', { params: params(role.contactId) })) as unknown as Promise<Opportunity>, `${role.contactName ?? 'The contact'} is off the deal.`);

  if (opportunity.contactRoles.length === 0 && !mayEdit) return null;
  return (
    <section className={classes.box} aria-label="People">
      <h2>People</h2>
      {opportunity.contactRoles.length === 0 && <p className="muted small">Nobody takes part yet.</p>}
      <ul className={classes.plain}>
        {opportunity.contactRoles.map((role) => (
          <li key={role.contactId} className={classes.person}>
            <span className="breaks"><Link to={`/contacts/${role.contactId}`}>{role.contactName || 'A contact'}</Link> <span className="muted small">{[nameOfKind(role.role), role.isPrimary && 'primary'].filter(Boolean).join(' · ')}</span></span>
            {mayEdit && (
              <Menu position="bottom-end">
                <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={`Role of ${role.contactName}`}><IconDots size={16} /></ActionIcon></Menu.Target>
                <Menu.Dropdown>
                  <Menu.Label>Role</Menu.Label>
                  {kinds.filter(([kind]) => kind !== role.role).map(([kind, label]) => <Menu.Item key={kind} onClick={() => void change(set(role.contactId, kind, role.isPrimary), `${role.contactName}: ${label.toLowerCase()}.`)}>{label}</Menu.Item>)}
                  <Menu.Divider />
                  {!role.isPrimary && <Menu.Item onClick={() => void change(set(role.contactId, role.role ?? 'other', true), `${role.contactName} is the primary contact now.`)}>Make primary</Menu.Item>}
                  <Menu.Item onClick={() => void drop(role)}>Take off the deal</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </li>
        ))}
      </ul>
      {mayEdit && me.may('contacts.read') && (adding
        ? <Select mt={6} autoFocus searchable defaultDropdownOpened aria-label="Add a contact" placeholder="Somebody at the account" data={free.map((contact) => ({ value: contact.id, label: nameOfContact(contact) }))} nothingFoundMessage={there.isPending ? 'Looking' : 'Nobody else is known at the account'} value={null}
            onChange={(id) => { const contact = free.find((one) => one.id === id); if (contact) void change(set(contact.id, 'other', opportunity.contactRoles.length === 0), `${nameOfContact(contact)} takes part now.`); setAdding(false); }} onBlur={() => setAdding(false)} />
        : <Button variant="subtle" mt={4} onClick={() => setAdding(true)}>Add a contact</Button>)}
    </section>
  );
}
