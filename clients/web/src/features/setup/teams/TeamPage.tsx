import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { usersQuery } from '@/features/users/queries';
import { Confirm } from '@/shared/Confirm';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { History } from '@/shared/record/History';
import { Empty } from '@/shared/States';
import { Loaded, setup } from '../SetupPage';
import { asTree, changeTeam, createTeam, deleteTeam, readTeam, teamsChanged, teamsQuery, type Team, type TeamInput } from './queries';

const empty: TeamInput = { name: '', parentId: null, managerId: null };
const inputOf = (team: Team): TeamInput => ({ name: team.name, parentId: team.parentId, managerId: team.managerId });
const labels = { name: 'Name', parentId: 'Part of', managerId: 'Manager' };

/** A team, new or not. */
export function TeamPage() {
  const { id } = useParams();
  const teams = useQuery(teamsQuery);
  const team = teams.data?.find((one) => one.id === id);
  usePage(id ? team?.name ?? 'Team' : 'New team', setup, { label: 'Teams', to: '/setup/teams' });
  return <Loaded query={teams} what="The team">{(all) => id && !team ? <Empty>There is no such team. Somebody may have deleted it.</Empty> : <Whole key={id ?? 'new'} team={team ?? null} all={all} />}</Loaded>;
}

function Whole({ team, all }: { team: Team | null; all: Team[] }) {
  const navigate = useNavigate();
  const users = useQuery(usersQuery);
  const [deleting, setDeleting] = useState(false);
  const form = useForm<TeamInput, Team>({
    draft: team ? `setup:team:${team.id}` : 'setup:new-team', record: team ? inputOf(team) : empty, version: team?.version ?? null,
    check: (value): Record<string, string[]> => value.name.trim() ? {} : { name: ['Enter a name.'] },
    read: team ? async () => { const fresh = await readTeam(team.id); return { record: inputOf(fresh), version: fresh.version }; } : undefined,
    save: (value, change, version, key) => team ? changeTeam(team.id, version, change) : createTeam(value, key),
    saved: (saved) => { void teamsChanged(); void queries.invalidateQueries({ queryKey: ['users'] }); tell(`${saved.name} is saved.`); if (!team) void navigate('/setup/teams'); },
  });

  // A team cannot be part of itself or of what is below it.
  const below = new Set<string>();
  for (const { team: one } of asTree(all)) if (one.id === team?.id || (one.parentId && below.has(one.parentId))) below.add(one.id);
  const nameOf = (id: unknown) => all.find((one) => one.id === id)?.name ?? users.data?.find((user) => user.id === id)?.name ?? 'nobody';

  return (
    <FormPage form={form} title={team?.name ?? 'New team'} saveLabel="Save team" cancelTo="/setup/teams" labels={labels} show={(field, value) => field === 'name' ? String(value) : nameOf(value)}
      actions={team && <Button variant="default" onClick={() => setDeleting(true)}>Delete</Button>}
      below={team && <Part title="History"><History cacheKey={['teams', 'history', team.id, team.version]} sections={[{ title: '', fields: [{ name: 'parentId', label: 'Part of', kind: 'text' }] }]} names={Object.fromEntries(all.map((one) => [one.id, one.name]))}
        page={(after) => body(api.identity.GET('/api/teams/{id}/history', { params: { path: { id: team.id }, query: { limit: 20, ...(after ? { after } : {}) } } }))} /></Part>}>
      <Part title="Team">
        <Fields>
          <TextInput label="Name" {...form.text('name')} />
          <Select label="Part of" clearable searchable placeholder="On top" data={asTree(all).filter((one) => !below.has(one.team.id)).map((one) => ({ value: one.team.id, label: `${'– '.repeat(one.level)}${one.team.name}` }))} {...form.choice('parentId')} />
          <Select label="Manager" clearable searchable placeholder="Nobody" data={users.data?.filter((user) => user.isActive).map((user) => ({ value: user.id, label: user.name })) ?? []} {...form.choice('managerId')} />
        </Fields>
      </Part>
      {deleting && team && <Delete team={team} others={all.filter((one) => !below.has(one.id))} onClose={() => setDeleting(false)} onDone={() => void navigate('/setup/teams')} />}
    </FormPage>
  );
}

function Delete({ team, others, onClose, onDone }: { team: Team; others: Team[]; onClose: () => void; onDone: () => void }) {
  const [to, setTo] = useState<string | null>(team.parentId);
  return (
    <Confirm title={`Delete “${team.name}”`} label="Delete team" onClose={onClose} run={async () => { await deleteTeam(team, to); await teamsChanged(); void queries.invalidateQueries({ queryKey: ['users'] }); tell(`“${team.name}” is deleted.`); onDone(); }}>
      <p>Its members and the teams below it move. Records stay with their owners.</p>
      <Select mt="md" label="They move to" clearable searchable placeholder="Only when nobody is in it" data={others.map((one) => ({ value: one.id, label: one.name }))} value={to} onChange={setTo} />
    </Confirm>
  );
}
