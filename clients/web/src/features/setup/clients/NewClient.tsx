import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { usersQuery } from '@/features/users/queries';
import { Fields, FormPage, Heading, Part } from '@/shared/form/FormPage';
import classes from '@/shared/form/FormPage.module.css';
import { Scopes } from '@/shared/form/Scopes';
import { useForm } from '@/shared/form/useForm';
import { Once } from '@/shared/Secret';
import { setup } from '../SetupPage';
import { userQuery } from '../users/queries';
import { clientsChanged, type NewSecret } from './queries';

const empty = { name: '', userId: null as string | null, scopes: [] as string[], expiresOn: '' };

/** Makes an API client. Its secret is shown this once. */
export function NewClient() {
  usePage('New API client', setup, { label: 'API clients', to: '/setup/clients' });
  const navigate = useNavigate();
  const users = useQuery(usersQuery);
  const [made, setMade] = useState<NewSecret | null>(null);
  const form = useForm<typeof empty, NewSecret>({
    draft: 'setup:new-client', record: empty, version: null,
    check: (value): Record<string, string[]> => ({
      ...(value.name.trim() ? {} : { name: ['Say what the client is for.'] }), ...(value.userId ? {} : { userId: ['Choose as whom it acts.'] }), ...(value.scopes.length ? {} : { scopes: ['Name at least one permission.'] }),
    }),
    save: (value) => body(api.identity.POST('/api/clients', { body: { name: value.name, userId: value.userId!, scopes: value.scopes, expiresAt: value.expiresOn ? new Date(`${value.expiresOn}T00:00:00`).toISOString() : null } })),
    saved: (secret) => { setMade(secret); void clientsChanged(); },
  });
  const user = useQuery({ ...userQuery(form.value.userId ?? ''), enabled: !!form.value.userId });

  if (made) {
    return (
      <div className={classes.body}>
        <Heading title={`“${made.client.name}” is there`} />
        <Once parts={[['Client id', made.clientId], ['Client secret', made.clientSecret]]} onDone={() => void navigate(`/setup/clients/${made.clientId}`)}>The program sends both to <code>/api/connect/token</code> and gets an access token. Nobody can read the secret again; a new one can be made at any time.</Once>
      </div>
    );
  }

  return (
    <FormPage form={form} title="New API client" saveLabel="Make API client" cancelTo="/setup/clients">
      <Part title="Client">
        <Fields>
          <TextInput label="Name" description="What it is for" {...form.text('name')} />
          <Select label="Acts as" description="It sees what this user sees; what it makes is theirs" searchable data={users.data?.filter((one) => one.isActive).map((one) => ({ value: one.id, label: one.name })) ?? []} {...form.choice('userId')} onChange={(userId) => form.put({ userId, scopes: [] })} />
          <TextInput label="Expires on" description="Left empty: never" type="date" {...form.text('expiresOn')} error={form.error('expiresAt')} />
        </Fields>
        {form.value.userId && <Scopes held={user.data?.permissions ?? []} {...form.many('scopes')} />}
      </Part>
    </FormPage>
  );
}
