import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Problem } from '@/api/problem';
import { Mark } from '@/app/Mark';
import { signIn, signInWithCode } from './session';
import classes from './SignIn.module.css';

/** Signs in, in one or two steps. Shown instead of whatever page was asked for, which follows. */
export function SignIn() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [challenge, setChallenge] = useState<string | null>(null);
  const [errors, setErrors] = useState<{ email?: string; password?: string; code?: string; form?: string }>({});
  const [busy, setBusy] = useState(false);
  const codeField = useRef<HTMLInputElement>(null);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);

  useEffect(() => { document.title = 'Sign in · LeadCrm'; }, []);
  useEffect(() => { (challenge === null ? emailField : codeField).current?.focus(); }, [challenge]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (challenge === null) {
      const missing = { email: email.trim() ? undefined : 'Enter your e-mail address.', password: password ? undefined : 'Enter your password.' };
      setErrors(missing);
      if (missing.email) return emailField.current?.focus();
      if (missing.password) return passwordField.current?.focus();
    } else if (!code.trim()) {
      setErrors({ code: 'Enter the code.' });
      return codeField.current?.focus();
    }
    setBusy(true);
    setErrors({});
    try {
      if (challenge === null) setChallenge(await signIn(email.trim(), password));
      else await signInWithCode(challenge, code.trim());
    } catch (error) {
      const problem = Problem.of(error);
      setErrors({ form: problem.message });
      if (problem.type === 'challenge-over') setChallenge(null);
      (challenge === null ? passwordField : codeField).current?.focus();
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit} noValidate aria-labelledby="sign-in-title">
        <Mark size={36} />
        <h1 id="sign-in-title">{challenge === null ? 'Sign in to LeadCrm' : 'One more step'}</h1>
        {challenge === null ? (
          <>
            <TextInput ref={emailField} label="E-mail" type="email" autoComplete="username" value={email} onChange={(e) => setEmail(e.currentTarget.value)} error={errors.email} />
            <PasswordInput ref={passwordField} label="Password" autoComplete="current-password" value={password} onChange={(e) => setPassword(e.currentTarget.value)} error={errors.password}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }} />
          </>
        ) : (
          <>
            <p className="muted">Enter the code that your authenticator app shows, or one of your recovery codes.</p>
            <TextInput ref={codeField} label="Code" autoComplete="one-time-code" value={code} onChange={(e) => setCode(e.currentTarget.value)} error={errors.code} />
          </>
        )}
        {errors.form && <p className={classes.error} role="alert">{errors.form}</p>}
        <Button type="submit" size="sm" loading={busy} fullWidth>{challenge === null ? 'Sign in' : 'Continue'}</Button>
        {challenge !== null && <Button variant="subtle" onClick={() => { setChallenge(null); setCode(''); setErrors({}); }}>Start again</Button>}
        {challenge === null && <p className="muted small">The first start printed the administrator’s sign-in and, with sample data, those of the sample users. Programs sign in otherwise: <Anchor href="/developers/" inherit underline="always">for developers</Anchor>.</p>}
      </form>
    </main>
  );
}
