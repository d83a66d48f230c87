import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { usersQuery } from '@/features/users/queries';
import { Rows } from '@/shared/Rows';
import { Empty } from '@/shared/States';
import { When } from '@/shared/When';
import { Loaded, SetupPage } from '../SetupPage';
import { state } from '../users/Access';
import { clientsQuery } from './queries';

export function ClientList() {
  const clients = useQuery(clientsQuery);
  const users = useQuery(usersQuery);
  const create = <Button component={Link} to="/setup/clients/new">New API client</Button>;
  return (
    <SetupPage title="API clients" actions={create} what={<>Programs that sign in with an id and a secret (OAuth 2.0 client credentials). Each acts as a user and may do what its scopes say. <a href="/developers/">For developers</a></>}>
      <Loaded query={clients} what="The API clients">
        {(all) => all.length === 0 ? <Empty action={create}>A program that reads or writes records here needs an API client. There are none yet.</Empty> : (
          <Rows label="API clients" rows={[...all].sort((a, b) => Number(!!a.revokedAt) - Number(!!b.revokedAt) || a.name.localeCompare(b.name)).map((client) => ({
            key: client.id, to: `/setup/clients/${client.id}`, title: client.name, badges: state(client), isOff: !!client.revokedAt,
            subtitle: <>Acts as {users.data?.find((user) => user.id === client.userId)?.name ?? 'somebody'}; {client.scopes.join(', ')}</>, aside: client.lastUsedAt ? <>used <When at={client.lastUsedAt} /></> : 'never used',
          }))} />
        )}
      </Loaded>
    </SetupPage>
  );
}
