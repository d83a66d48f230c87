import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { Confirm } from '@/shared/Confirm';
import { Part } from '@/shared/form/FormPage';
import { tell, tellFailure } from '@/shared/notices';
import { Rows } from '@/shared/Rows';
import { Tag } from '@/shared/Tag';
import { When } from '@/shared/When';
import { Loaded } from '../SetupPage';
import type { Session, Token } from './queries';

/** Browser and system, as far as a browser says so itself. */
export function device(userAgent: string): string {
  const browser = /Edg\//.test(userAgent) ? 'Edge' : /Firefox\//.test(userAgent) ? 'Firefox' : /Chrome\//.test(userAgent) ? 'Chrome' : /Safari\//.test(userAgent) ? 'Safari' : '';
  const system = /iPhone|iPad/.test(userAgent) ? 'iOS' : /Android/.test(userAgent) ? 'Android' : /Windows/.test(userAgent) ? 'Windows' : /Mac OS/.test(userAgent) ? 'macOS' : /Linux/.test(userAgent) ? 'Linux' : '';
  return [browser, system].filter(Boolean).join(' on ') || (userAgent ? userAgent.slice(0, 60) : 'An unknown program');
}

/** Where a user is signed in; one's own without a name. */
export function Sessions({ of }: { of?: string }) {
  const key = ['users', 'sessions', of ?? 'me'];
  const sessions = useQuery({ queryKey: key, queryFn: async () => (await (of ? body(api.identity.GET('/api/users/{id}/sessions', { params: { path: { id: of } } })) : body(api.identity.GET('/api/users/me/sessions')))).items as Session[] });
  const [asking, setAsking] = useState(false);
  const again = () => queries.invalidateQueries({ queryKey: key });

  async function end(session: Session) {
    try {
      await (of ? api.identity.DELETE('/api/users/{id}/sessions/{sessionId}', { params: { path: { id: of, sessionId: session.id } } }) : api.identity.DELETE('/api/users/me/sessions/{sessionId}', { params: { path: { sessionId: session.id } } }));
      tell(`Signed out of ${device(session.userAgent)}.`);
      await again();
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  const others = sessions.data?.filter((session) => !session.isCurrent).length ?? 0;
  return (
    <Part title="Sessions" what={of ? 'Where this person is signed in.' : 'Where you are signed in. End what you do not know, then choose a new password.'} actions={others > 0 && <Button variant="default" onClick={() => setAsking(true)}>{of ? 'Sign out everywhere' : 'Sign out everywhere else'}</Button>}>
      <Loaded query={sessions} what="The sessions">
        {(all) => all.length === 0 ? <p className="muted">Not signed in anywhere.</p> : (
          <Rows label="Sessions" rows={all.map((session) => ({
            key: session.id, title: device(session.userAgent), badges: session.isCurrent && <Tag tone="good">This one</Tag>,
            subtitle: <>From {session.address || 'an unknown address'}, since <When at={session.createdAt} />, last seen <When at={session.lastSeenAt} /></>,
            actions: !session.isCurrent && <Button variant="subtle" color="gray" onClick={() => void end(session)} aria-label={`Sign out of ${device(session.userAgent)}`}>Sign out</Button>,
          }))} />
        )}
      </Loaded>
      {asking && (
        <Confirm title={of ? 'Sign out everywhere' : 'Sign out everywhere else'} label="Sign out" onClose={() => setAsking(false)}
          run={async () => { await (of ? api.identity.DELETE('/api/users/{id}/sessions', { params: { path: { id: of } } }) : api.identity.DELETE('/api/users/me/sessions')); await again(); tell(`${others === 1 ? 'One session has' : `${others} sessions have`} ended.`); }}>
          <p>{others === 1 ? 'One session ends' : `${others} sessions end`} at once. What was being typed there stays a draft of that browser.</p>
        </Confirm>
      )}
    </Part>
  );
}

/** Whether a token or client works, in words. */
export function state(one: { revokedAt: string | null; expiresAt: string | null }) {
  if (one.revokedAt) return <Tag>Revoked</Tag>;
  return one.expiresAt && Date.parse(one.expiresAt) < Date.now() ? <Tag>Expired</Tag> : null;
}

/** Personal access tokens of a user, to look at and revoke. */
export function Tokens({ of, children }: { of?: string; children?: React.ReactNode }) {
  const key = ['users', 'tokens', of ?? 'me'];
  const tokens = useQuery({ queryKey: key, queryFn: async () => (await (of ? body(api.identity.GET('/api/users/{id}/tokens', { params: { path: { id: of } } })) : body(api.identity.GET('/api/users/me/tokens')))).items as Token[] });
  const [revoking, setRevoking] = useState<Token | null>(null);
  return (
    <Part title="Personal access tokens" what="Programs use one instead of a password. It can do no more than its scopes, and no more than the person may.">
      {children}
      <Loaded query={tokens} what="The tokens">
        {(all) => all.length === 0 ? <p className="muted">There are none.</p> : (
          <Rows label="Personal access tokens" rows={all.map((token) => ({
            key: token.id, title: token.name, badges: state(token), isOff: !!token.revokedAt || Date.parse(token.expiresAt) < Date.now(),
            subtitle: <>{token.scopes.join(', ')}. {token.lastUsedAt ? <>Used <When at={token.lastUsedAt} /></> : 'Never used'}; expires <When at={token.expiresAt} />.</>,
            actions: !token.revokedAt && <Button variant="subtle" color="gray" onClick={() => setRevoking(token)} aria-label={`Revoke ${token.name}`}>Revoke</Button>,
          }))} />
        )}
      </Loaded>
      {revoking && (
        <Confirm title={`Revoke “${revoking.name}”`} label="Revoke token" onClose={() => setRevoking(null)}
          run={async () => {
            await (of ? api.identity.DELETE('/api/users/{id}/tokens/{tokenId}', { params: { path: { id: of, tokenId: revoking.id } } }) : api.identity.DELETE('/api/users/me/tokens/{tokenId}', { params: { path: { tokenId: revoking.id } } }));
            await queries.invalidateQueries({ queryKey: key });
            tell(`“${revoking.name}” works no more.`);
          }}>
          <p>Whatever uses it is refused from now on. It cannot be brought back; a new one can be made.</p>
        </Confirm>
      )}
    </Part>
  );
}
