import { PasswordInput, Button, Code, TextInput, Anchor } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { useMe, useSession } from '@/features/session/session';
import { Loaded } from '@/features/setup/SetupPage';
import { Sessions, Tokens } from '@/features/setup/users/Access';
import { Fields, Heading, Part } from '@/shared/form/FormPage';
import classes from '@/shared/form/FormPage.module.css';
import { Scopes } from '@/shared/form/Scopes';
import { tell } from '@/shared/notices';
import { Once } from '@/shared/Secret';
import { Tag } from '@/shared/Tag';
import { isoToday } from '@/shared/time';
import { When } from '@/shared/When';

/** One's own sign-in: password, second factor, sessions, tokens. */
export function MyAccount() {
  usePage('My account');
  const me = useMe();
  return (
    <div className={classes.body}>
      <Heading title="My account" subtitle={<>Signed in as {me.name}. Name, e-mail, team and roles are an administrator’s to change.</>} />
      <Password />
      <SecondFactor />
      <Sessions />
      <Tokens><NewToken /></Tokens>
    </div>
  );
}

const wrong = (error: unknown, field: string) => error ? Problem.of(error).errors[field]?.join(' ') : undefined;

function Password() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => api.identity.POST('/api/users/me/password', { body: { currentPassword: current, newPassword: next } }),
    onSuccess: () => { setCurrent(''); setNext(''); tell('You have a new password. Your other sessions have ended.'); void queries.invalidateQueries({ queryKey: ['users', 'sessions'] }); },
  });
  const problem = change.error && Problem.of(change.error);
  const general = problem && Object.keys(problem.errors).filter((field) => field !== 'currentPassword' && field !== 'newPassword').length === Object.keys(problem.errors).length ? problem.message : undefined;
  return (
    <Part title="Password">
      <form onSubmit={(event: FormEvent) => { event.preventDefault(); if (current && next) change.mutate(); }} className={classes.form} noValidate>
        <Fields>
          <PasswordInput label="Current password" autoComplete="current-password" value={current} onChange={(event) => setCurrent(event.currentTarget.value)} error={wrong(change.error, 'currentPassword')} visibilityToggleButtonProps={{ 'aria-label': 'Show the current password' }} />
          <PasswordInput label="New password" autoComplete="new-password" value={next} onChange={(event) => setNext(event.currentTarget.value)} error={wrong(change.error, 'newPassword')} visibilityToggleButtonProps={{ 'aria-label': 'Show the new password' }} />
        </Fields>
        {general && <p role="alert" className={classes.wrong}>{general}</p>}
        <div style={{ marginTop: 12 }}><Button type="submit" variant="default" loading={change.isPending} disabled={!current || !next}>Change password</Button></div>
      </form>
    </Part>
  );
}

function SecondFactor() {
  const key = ['users', 'second-factor'];
  const factor = useQuery({ queryKey: key, queryFn: () => body(api.identity.GET('/api/users/me/second-factor')) });
  const [step, setStep] = useState<'begin' | 'codes' | 'off' | null>(null);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [codes, setCodes] = useState<string[] | null>(null);
  const begin = useMutation({ mutationFn: () => body(api.identity.POST('/api/users/me/second-factor', { body: { password } })) });
  const again = () => queries.invalidateQueries({ queryKey: key });
  const finish = useMutation({
    mutationFn: async () => {
      if (step === 'off') { await api.identity.POST('/api/users/me/second-factor/off', { body: { password, code: code.trim() } }); return null; }
      return (await (step === 'codes' ? body(api.identity.POST('/api/users/me/second-factor/recovery-codes', { body: { code: code.trim() } })) : body(api.identity.POST('/api/users/me/second-factor/confirm', { body: { code: code.trim() } })))).recoveryCodes as string[];
    },
    onSuccess: (fresh) => { if (!fresh) tell('Your second factor is off.'); setCodes(fresh); go(null); void again(); },
  });

  function go(to: typeof step) {
    setPassword(''); setCode(''); begin.reset(); finish.reset(); setStep(to);
  }

  const failure = (begin.error ?? finish.error) ? Problem.of(begin.error ?? finish.error).message : undefined;
  const wantsPassword = step === 'off' || (step === 'begin' && !begin.data);
  const wantsCode = step === 'off' || step === 'codes' || !!begin.data;
  return (
    <Part title="Second factor" what="A code from an authenticator app besides the password.">
      <Loaded query={factor} what="Your second factor">
        {(now) => (
          <>
            {codes && <Once parts={[['Recovery codes', codes.join('\n')]]} onDone={() => setCodes(null)}>Each signs you in once when your phone is not at hand.</Once>}
            <p>{now.since ? <><Tag tone="good">On</Tag> since <When at={now.since} />; {now.recoveryCodesLeft === 1 ? 'one recovery code is' : `${now.recoveryCodesLeft} recovery codes are`} left.</> : <><Tag>Off</Tag> {now.isRequired && 'Your organisation wants one.'}</>}</p>
            {!step && !codes && (
              <div className={classes.actions}>
                {now.since ? <><Button variant="default" onClick={() => go('codes')}>New recovery codes</Button>{!now.isRequired && <Button variant="default" onClick={() => go('off')}>Switch off</Button>}</> : <Button variant="default" onClick={() => go('begin')}>Set up</Button>}
              </div>
            )}
            {step && (
              <form noValidate onSubmit={(event) => { event.preventDefault(); if (step === 'begin' && !begin.data) begin.mutate(); else finish.mutate(); }} style={{ display: 'flex', flexDirection: 'column', gap: 12, maxWidth: 420 }}>
                {begin.data && <><p>Add this key to your authenticator app, then enter the code that it shows.</p><p className="breaks"><Code>{begin.data.secret}</Code></p><p><Anchor href={begin.data.uri} underline="always">Open in an authenticator app on this device</Anchor></p></>}
                {wantsPassword && <PasswordInput label="Password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.currentTarget.value)} visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }} error={!wantsCode && failure} />}
                {wantsCode && <TextInput label="Code" autoComplete="one-time-code" value={code} onChange={(event) => setCode(event.currentTarget.value)} error={failure} />}
                <div className={classes.actions}>
                  <Button type="submit" loading={begin.isPending || finish.isPending} disabled={(wantsPassword && !password) || (wantsCode && !code.trim())}>{step === 'off' ? 'Switch off' : step === 'codes' ? 'Make new codes' : begin.data ? 'Switch it on' : 'Begin'}</Button>
                  <Button variant="subtle" color="gray" onClick={() => go(null)}>Cancel</Button>
                </div>
              </form>
            )}
          </>
        )}
      </Loaded>
    </Part>
  );
}

function NewToken() {
  const session = useSession();
  const [typing, setTyping] = useState(false);
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>([]);
  const [until, setUntil] = useState(isoToday(90));
  const make = useMutation({
    mutationFn: () => body(api.identity.POST('/api/users/me/tokens', { body: { name, scopes, expiresAt: new Date(`${until}T23:59:00`).toISOString() } })),
    onSuccess: () => { setTyping(false); setName(''); setScopes([]); void queries.invalidateQueries({ queryKey: ['users', 'tokens', 'me'] }); },
  });
  if (make.data) return <Once parts={[['Token', make.data.token]]} onDone={() => make.reset()}>The program sends it as <code>Authorization: Bearer …</code>. Nobody can read it again.</Once>;
  if (!typing) return <div className={classes.actions}><Button variant="default" onClick={() => setTyping(true)}>New token</Button></div>;
  const problem = make.error ? Problem.of(make.error) : null;
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); make.mutate(); }} style={{ display: 'flex', flexDirection: 'column', gap: 12 }}>
      <Fields>
        <TextInput label="Name" description="What it is for" autoFocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={wrong(make.error, 'name')} />
        <TextInput label="Expires on" description="A year ahead at most" type="date" value={until} onChange={(event) => setUntil(event.currentTarget.value)} error={wrong(make.error, 'expiresAt')} />
      </Fields>
      <Scopes held={session.data?.permissions ?? []} value={scopes} onChange={setScopes} error={wrong(make.error, 'scopes')} />
      {problem && Object.keys(problem.errors).length === 0 && <p role="alert" className={classes.wrong}>{problem.message}</p>}
      <div className={classes.actions}><Button type="submit" loading={make.isPending}>Make token</Button><Button variant="subtle" color="gray" onClick={() => { setTyping(false); make.reset(); }}>Cancel</Button></div>
    </form>
  );
}
