import { useQuery } from '@tanstack/react-query';
import { usersQuery } from '@/features/users/queries';
import { Rows } from '@/shared/Rows';
import { Loaded, SetupPage } from '../SetupPage';
import { rolesQuery } from '../users/queries';

export function RoleList() {
  const roles = useQuery(rolesQuery);
  const users = useQuery(usersQuery);
  return (
    <SetupPage title="Roles and permissions" what="A person may do what any of their roles allows. Roles come with the product; what they allow is yours to decide.">
      <Loaded query={roles} what="The roles">
        {(all) => <Rows label="Roles" rows={all.map((role) => {
          const held = users.data?.filter((user) => user.isActive && user.roles?.includes(role.name)).length;
          return { key: role.id, to: `/setup/roles/${role.id}`, title: role.name, subtitle: role.description, aside: `${role.permissions.length} permissions${held === undefined ? '' : `, ${held === 1 ? '1 person' : `${held} people`}`}` };
        })} />}
      </Loaded>
    </SetupPage>
  );
}
