import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { Confirm } from '@/shared/Confirm';
import { Tag } from '@/shared/Tag';
import { FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell, tellFailure } from '@/shared/notices';
import { History } from '@/shared/record/History';
import { When } from '@/shared/When';
import { Loaded, setup } from '../SetupPage';
import { teamsQuery } from '../teams/queries';
import { Sessions, Tokens } from './Access';
import { changeUser, inputOf, userChanged, userQuery, type User } from './queries';
import { check, labels, UserFields } from './UserForm';

/** A user: who it is, what it may do, and how it signs in. */
export function UserPage() {
  const { id = '' } = useParams();
  const user = useQuery(userQuery(id));
  usePage(user.data?.name ?? 'User', setup, { label: 'Users', to: '/setup/users' });
  return <Loaded query={user} what="The user">{(data) => <Whole key={id} user={data} />}</Loaded>;
}

function Whole({ user }: { user: User }) {
  const me = useMe();
  const teams = useQuery(teamsQuery);
  const form = useForm({
    draft: `setup:user:${user.id}`, record: inputOf(user), version: user.version, check,
    read: async () => { const fresh = await queries.fetchQuery({ ...userQuery(user.id), staleTime: 0 }); return { record: inputOf(fresh), version: fresh.version }; },
    save: (_value, change, version) => changeUser(user.id, version, change),
    saved: (saved) => { userChanged(saved); tell(`${saved.name} is saved.`); },
  });

  const activate = useMutation({
    mutationFn: (on: boolean) => on ? body(api.identity.POST('/api/users/{id}/reactivate', { params: { path: { id: user.id } } })) : body(api.identity.POST('/api/users/{id}/deactivate', { params: { path: { id: user.id } } })),
    onSuccess: (changed) => {
      userChanged(changed);
      tell(changed.isActive ? `${changed.name} can sign in again.` : `${changed.name} is signed out everywhere and cannot sign in. What they own stays theirs.`, { label: 'Undo', run: () => activate.mutate(!changed.isActive) });
    },
    onError: (error) => tellFailure(Problem.of(error).message),
  });

  return (
    <FormPage form={form} title={user.name} subtitle={user.isActive ? undefined : <Tag>Deactivated</Tag>} labels={labels} show={(field, value) => field === 'teamId' ? teams.data?.find((team) => team.id === value)?.name ?? 'no team' : Array.isArray(value) ? value.join(', ') || 'none' : String(value)}
      actions={user.id !== me.id && <Button variant="default" loading={activate.isPending} onClick={() => activate.mutate(!user.isActive)}>{user.isActive ? 'Deactivate' : 'Reactivate'}</Button>}
      below={<><SignIn user={user} /><Sessions of={user.id} /><Tokens of={user.id} /><Part title="History"><History cacheKey={['users', 'history', user.id, user.version]} sections={[{ title: '', fields: [{ name: 'teamId', label: 'Team', kind: 'text' }] }]} names={Object.fromEntries((teams.data ?? []).map((team) => [team.id, team.name]))}
        page={(after) => body(api.identity.GET('/api/users/{id}/history', { params: { path: { id: user.id }, query: { limit: 20, ...(after ? { after } : {}) } } }))} /></Part></>}>
      <UserFields form={form} />
    </FormPage>
  );
}

function SignIn({ user }: { user: User }) {
  const [asking, setAsking] = useState<'password' | 'factor' | null>(null);
  const [password, setPassword] = useState('');
  const again = () => queries.invalidateQueries({ queryKey: userQuery(user.id).queryKey });
  return (
    <Part title="Sign-in" actions={<>
      <Button variant="default" onClick={() => { setPassword(''); setAsking('password'); }}>Set a password</Button>
      {user.secondFactorSince && <Button variant="default" onClick={() => setAsking('factor')}>Take away the second factor</Button>}
    </>}>
      <p>{user.hasPassword ? <>Has a password{user.passwordChangedAt && <>, set <When at={user.passwordChangedAt} /></>}.</> : 'Has no password yet and cannot sign in.'} {user.secondFactorSince ? <>Second factor since <When at={user.secondFactorSince} />.</> : 'No second factor.'}
        {user.lockedUntil && Date.parse(user.lockedUntil) > Date.now() && <> Locked after too many wrong passwords, until <When at={user.lockedUntil} />.</>}</p>
      {asking === 'password' && (
        <Confirm title={`A password for ${user.name}`} label="Set password" ready={password.length > 0} onClose={() => setAsking(null)}
          run={async () => { await api.identity.POST('/api/users/{id}/password', { params: { path: { id: user.id } }, body: { password } }); await again(); tell(`${user.name} has the new password. Tell it to them on another way than e-mail.`); }}>
          <PasswordInput data-autofocus label="New password" description="It ends all sessions of this person." autoComplete="new-password" value={password} onChange={(event) => setPassword(event.currentTarget.value)} visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }} />
        </Confirm>
      )}
      {asking === 'factor' && (
        <Confirm title="Take away the second factor" label="Take it away" onClose={() => setAsking(null)} run={async () => { await api.identity.DELETE('/api/users/{id}/second-factor', { params: { path: { id: user.id } } }); await again(); tell(`${user.name} signs in with the password alone, until a second factor is set up anew.`); }}>
          <p>For somebody who lost their phone and their recovery codes. Make sure that it is really {user.name} who asks.</p>
        </Confirm>
      )}
    </Part>
  );
}
