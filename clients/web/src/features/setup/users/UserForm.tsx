import { Checkbox, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fields, Part } from '@/shared/form/FormPage';
import type { useForm } from '@/shared/form/useForm';
import { asTree, teamsQuery } from '../teams/queries';
import { rolesQuery, type UserInput } from './queries';

export const labels = { name: 'Name', email: 'E-mail', teamId: 'Team', roles: 'Roles' };

export function check(value: UserInput) {
  return {
    ...(value.name.trim() ? {} : { name: ['Enter a name.'] }),
    ...(/^[^\s@]+@[^\s@]+$/.test(value.email.trim()) ? {} : { email: ['Enter an e-mail address: it is what one signs in with.'] }),
  };
}

/** What there is to say about a user, new or not. */
export function UserFields({ form }: { form: ReturnType<typeof useForm<UserInput, unknown>> }) {
  const teams = useQuery(teamsQuery);
  const roles = useQuery(rolesQuery);
  return (
    <>
      <Part title="Who">
        <Fields>
          <TextInput label="Name" {...form.text('name')} />
          <TextInput label="E-mail" type="email" {...form.text('email')} />
          <Select label="Team" clearable searchable placeholder="No team" data={asTree(teams.data ?? []).map(({ team, level }) => ({ value: team.id, label: `${'– '.repeat(level)}${team.name}` }))} {...form.choice('teamId')} />
        </Fields>
      </Part>
      <Part title="Roles" what="What the roles allow adds up.">
        <Checkbox.Group aria-label="Roles" {...form.many('roles')}>
          {roles.data?.map((role) => <Checkbox key={role.id} value={role.name} label={role.name} description={role.description} mb={10} />)}
        </Checkbox.Group>
      </Part>
    </>
  );
}
