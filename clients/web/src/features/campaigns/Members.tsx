import { ActionIcon, Button, Checkbox, Menu, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDots, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { useMe } from '@/features/session/session';
import { useRowsOf } from '@/shared/list/rows';
import { tell, tellFailure } from '@/shared/notices';
import { Failed, Loading } from '@/shared/States';
import { count } from '@/shared/time';
import { When } from '@/shared/When';
import { AddPeople } from './AddPeople';
import { countsQuery, membersChanged, moveMembers, removeMembers, restoreMember, type Campaign, type Member } from './campaigns';
import classes from './Members.module.css';

/** Whom a campaign is meant for and how each of them reacted; statuses are changed for one or many. */
export function Members({ campaign }: { campaign: Campaign }) {
  const me = useMe();
  const mayEdit = me.may('campaigns.edit');
  const [words, setWords] = useState('');
  const [slow] = useDebouncedValue(words.trim(), 250);
  const [status, setStatus] = useState<string | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [adding, setAdding] = useState(false);
  const counts = useQuery(countsQuery(campaign.id));
  const list = useRowsOf(['campaigns', 'members', campaign.id], (query, signal) => body(api.campaigns.GET('/api/campaigns/{id}/members', { params: { path: { id: campaign.id }, query: {} }, querySerializer: () => query, signal })),
    new URLSearchParams({ sort: '-createdAt', ...(slow ? { q: slow } : {}), ...(status ? { statusId: status } : {}) }).toString(), { size: 50 });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.count ?? 0;
  const chosen = rows.filter((row) => selected.has(row.id));

  async function move(members: Member[], to: { id: string; name: string }) {
    try {
      const { changed } = await moveMembers(campaign.id, to.id, members.map((one) => one.id));
      await membersChanged(campaign.id);
      setSelected(new Set());
      tell(members.length === 1 ? `${members[0]!.name} is ${to.name} now.` : `${changed} are ${to.name} now.`, members.length === 1 ? { label: 'Undo', run: () => void move(members, { id: members[0]!.statusId, name: members[0]!.status ?? 'as before' }) } : undefined);
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  async function drop(members: Member[]) {
    try {
      const { removed } = await removeMembers(campaign.id, members.map((one) => one.id));
      await membersChanged(campaign.id);
      setSelected(new Set());
      tell(members.length === 1 ? `${members[0]!.name} is no member any more.` : `${removed} are no members any more.`, { label: 'Undo', run: () => void Promise.all(members.map((one) => restoreMember(campaign.id, one.id))).then(() => membersChanged(campaign.id), (error) => tellFailure(Problem.of(error).message)) });
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  const statuses = campaign.memberStatuses.map((one) => ({ id: one.id, name: one.name ?? '' }));
  return (
    <div>
      <div className={classes.tools}>
        <TextInput className={classes.find} leftSection={<IconSearch size={16} aria-hidden />} aria-label="Search members" placeholder="Name" value={words} onChange={(event) => setWords(event.currentTarget.value)} />
        {mayEdit && <Button variant="default" aria-expanded={adding} onClick={() => setAdding(!adding)}>Add members</Button>}
      </div>
      {adding && <AddPeople campaign={campaign} />}
      {counts.data && (
        <div className={classes.statuses} role="group" aria-label="Members by status">
          <button type="button" className={classes.status} aria-pressed={status === null} onClick={() => setStatus(null)}><b>{count(counts.data.members)}</b> all</button>
          {counts.data.statuses.map((one) => <button key={one.statusId} type="button" className={classes.status} aria-pressed={status === one.statusId} onClick={() => setStatus(status === one.statusId ? null : one.statusId)}><b>{count(one.members)}</b> {one.name}{one.isResponded && <span className="muted small"> · response</span>}</button>)}
        </div>
      )}
      {chosen.length > 0 && (
        <div className={classes.bar} role="toolbar" aria-label={`${chosen.length} selected`}>
          <b>{chosen.length} selected</b>
          <Menu><Menu.Target><Button variant="default">Status</Button></Menu.Target><Menu.Dropdown>{statuses.map((to) => <Menu.Item key={to.id} onClick={() => void move(chosen, to)}>{to.name}</Menu.Item>)}</Menu.Dropdown></Menu>
          <Button variant="default" onClick={() => void drop(chosen)}>Remove</Button>
          <Button variant="subtle" color="gray" onClick={() => setSelected(new Set())}>Clear</Button>
        </div>
      )}
      {list.isPending ? <Loading lines={6} label="Loading members" />
        : list.isError && rows.length === 0 ? <Failed what="The members could not be loaded." error={list.error} retry={() => void list.refetch()} />
        : rows.length === 0 ? <p className={`muted ${classes.none}`}>{slow || status ? 'Nobody is as you asked.' : 'Nobody is in this campaign yet. Add people here, or select leads in their list and choose Campaign.'}</p>
        : (
          <ul className={classes.list}>
            {mayEdit && <li className={classes.every}><Checkbox size="xs" checked={chosen.length === rows.length} indeterminate={chosen.length > 0 && chosen.length < rows.length} onChange={() => setSelected(chosen.length === rows.length ? new Set() : new Set(rows.map((row) => row.id)))} label={rows.length < total ? `Select the ${count(rows.length)} that are shown` : 'Select all'} /></li>}
            {rows.map((row) => (
              <li key={row.id} className={classes.one}>
                {mayEdit && <Checkbox size="xs" checked={selected.has(row.id)} aria-label={`Select ${row.name}`} onChange={() => { const next = new Set(selected); if (!next.delete(row.id)) next.add(row.id); setSelected(next); }} />}
                <span className={classes.who}><Link className="breaks" to={row.leadId ? `/leads/${row.leadId}` : `/contacts/${row.contactId}`}>{row.name || 'Somebody'}</Link><span className="muted small">{row.leadId ? 'Lead' : 'Contact'} · since <When at={row.createdAt} />{row.firstRespondedAt && <> · responded <When at={row.firstRespondedAt} /></>}</span></span>
                {mayEdit ? (
                  <Menu position="bottom-end">
                    <Menu.Target><Button variant="subtle" color="gray" aria-label={`Status of ${row.name}: ${row.status}`}>{row.status}</Button></Menu.Target>
                    <Menu.Dropdown>{statuses.filter((to) => to.id !== row.statusId).map((to) => <Menu.Item key={to.id} onClick={() => void move([row], to)}>{to.name}</Menu.Item>)}</Menu.Dropdown>
                  </Menu>
                ) : <span>{row.status}</span>}
                {mayEdit && (
                  <Menu position="bottom-end">
                    <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={`More for ${row.name}`}><IconDots size={16} /></ActionIcon></Menu.Target>
                    <Menu.Dropdown><Menu.Item onClick={() => void drop([row])}>Remove from the campaign</Menu.Item></Menu.Dropdown>
                  </Menu>
                )}
              </li>
            ))}
          </ul>
        )}
      {list.hasNextPage && <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show more of {count(total)}</Button>}
    </div>
  );
}
