import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { usersQuery } from '@/features/users/queries';
import { Rows } from '@/shared/Rows';
import { Empty } from '@/shared/States';
import { Loaded, SetupPage } from '../SetupPage';
import { asTree, teamsQuery } from './queries';

export function TeamList() {
  const teams = useQuery(teamsQuery);
  const users = useQuery(usersQuery);
  const create = <Button component={Link} to="/setup/teams/new">New team</Button>;
  return (
    <SetupPage title="Teams" what="A manager sees and changes what the team and the teams below it own. Teams can also share records with each other." actions={create}>
      <Loaded query={teams} what="The teams">
        {(all) => all.length === 0 ? <Empty action={create}>Teams say whose records a manager sees. There are none yet.</Empty> : (
          <Rows label="Teams" rows={asTree(all).map(({ team, level }) => {
            const members = users.data?.filter((user) => user.teamId === team.id && user.isActive).length;
            const manager = users.data?.find((user) => user.id === team.managerId)?.name;
            return { key: team.id, to: `/setup/teams/${team.id}`, title: team.name, level, subtitle: manager ? `Manager: ${manager}` : 'No manager', aside: members === undefined ? '' : members === 1 ? '1 member' : `${members} members` };
          })} />
        )}
      </Loaded>
    </SetupPage>
  );
}
