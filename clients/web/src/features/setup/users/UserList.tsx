import { Button, Checkbox, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { usersQuery } from '@/features/users/queries';
import { Rows } from '@/shared/Rows';
import { Empty } from '@/shared/States';
import { Tag } from '@/shared/Tag';
import { Loaded, SetupPage } from '../SetupPage';
import { teamsQuery } from '../teams/queries';

/** Everybody who signs in or has signed in. */
export function UserList() {
  const users = useQuery(usersQuery);
  const teams = useQuery(teamsQuery);
  const [search, setSearch] = useSearchParams();
  const words = (search.get('q') ?? '').toLowerCase();
  const gone = search.get('deactivated') === 'true';
  const put = (name: string, value: string) => setSearch((before) => { const next = new URLSearchParams(before); if (value) next.set(name, value); else next.delete(name); return next; }, { replace: true });

  return (
    <SetupPage title="Users" what="Everybody who signs in. What a person may do comes from the roles; whose records they see, from the team." actions={<Button component={Link} to="/setup/users/new">New user</Button>}>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 12, alignItems: 'center' }}>
        <TextInput leftSection={<IconSearch size={16} aria-hidden />} aria-label="Find a user" placeholder="Name, e-mail, role" value={search.get('q') ?? ''} onChange={(event) => put('q', event.currentTarget.value)} w={280} maw="100%" />
        <Checkbox label="Deactivated ones too" checked={gone} onChange={(event) => put('deactivated', event.currentTarget.checked ? 'true' : '')} />
      </div>
      <Loaded query={users} what="The users">
        {(all) => {
          const rows = all.filter((user) => (gone || user.isActive) && `${user.name} ${user.email} ${user.roles?.join(' ') ?? ''}`.toLowerCase().includes(words));
          return rows.length === 0 ? <Empty>Nobody is called so.</Empty> : (
            <Rows label="Users" rows={rows.map((user) => ({
              key: user.id, to: `/setup/users/${user.id}`, title: user.name, isOff: !user.isActive, badges: !user.isActive && <Tag>Deactivated</Tag>,
              subtitle: [user.email, teams.data?.find((team) => team.id === user.teamId)?.name].filter(Boolean).join(' · '), aside: user.roles?.join(', '),
            }))} />
          );
        }}
      </Loaded>
    </SetupPage>
  );
}
