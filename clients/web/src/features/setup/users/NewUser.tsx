import { useNavigate } from 'react-router';
import { usePage } from '@/app/page';
import { FormPage } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { setup } from '../SetupPage';
import { createUser, userChanged, type UserInput } from './queries';
import { check, UserFields } from './UserForm';

const empty: UserInput = { name: '', email: '', teamId: null, roles: [] };

export function NewUser() {
  usePage('New user', setup, { label: 'Users', to: '/setup/users' });
  const navigate = useNavigate();
  const form = useForm({
    draft: 'setup:new-user', record: empty, version: null, check, save: (value, _change, _version, key) => createUser(value, key),
    saved: (user) => { userChanged(user); tell(`${user.name} is there. Set a password, then they can sign in.`); void navigate(`/setup/users/${user.id}`); },
  });
  return <FormPage form={form} title="New user" saveLabel="Save user" cancelTo="/setup/users"><UserFields form={form} /></FormPage>;
}
