import { Anchor, Button, Code, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { Mark } from '@/app/Mark';
import { signOut } from './session';
import classes from './SignIn.module.css';

/** Who must have a second factor sets it up here before anything else opens. */
export function SetUpSecondFactor() {
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const begin = useMutation({ mutationFn: () => body(api.identity.POST('/api/users/me/second-factor', { body: { password } })) });
  const confirm = useMutation({ mutationFn: () => body(api.identity.POST('/api/users/me/second-factor/confirm', { body: { code: code.trim() } })) });

  useEffect(() => { document.title = 'Set up a second factor · LeadCrm'; }, []);

  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Mark size={36} />
        {confirm.data ? (
          <>
            <h1>Keep these recovery codes</h1>
            <p>Each signs you in once when your phone is not at hand. They are shown only now.</p>
            <ul className={classes.codes}>{confirm.data.recoveryCodes.map((one) => <li key={one}><Code>{one}</Code></li>)}</ul>
            <Button size="sm" onClick={() => queries.invalidateQueries({ queryKey: ['session'] })}>I have kept them: go on</Button>
          </>
        ) : (
          <>
            <h1>Set up a second factor</h1>
            {!begin.data && (
              <form className={classes.form} onSubmit={(event) => { event.preventDefault(); begin.mutate(); }}>
                <p>Your organisation wants one. Enter your password to begin.</p>
                <PasswordInput label="Password" autoComplete="current-password" value={password} onChange={(e) => setPassword(e.currentTarget.value)} error={begin.error && Problem.of(begin.error).message}
                  visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }} />
                <Button type="submit" size="sm" fullWidth loading={begin.isPending} disabled={!password}>Begin</Button>
              </form>
            )}
            {begin.data && (
              <form className={classes.form} onSubmit={(event) => { event.preventDefault(); confirm.mutate(); }}>
                <p>Add this key to your authenticator app, then enter the code that it shows.</p>
                <p className="breaks"><Code>{begin.data.secret}</Code></p>
                <p><Anchor href={begin.data.uri} underline="always">Open in an authenticator app on this device</Anchor></p>
                <TextInput label="Code" autoComplete="one-time-code" value={code} onChange={(e) => setCode(e.currentTarget.value)} error={confirm.error && Problem.of(confirm.error).message} mb="md" />
                <Button type="submit" size="sm" fullWidth loading={confirm.isPending} disabled={!code.trim()}>Switch it on</Button>
              </form>
            )}
          </>
        )}
        <Button variant="subtle" onClick={() => void signOut()}>Sign out</Button>
      </div>
    </main>
  );
}
