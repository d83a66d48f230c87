import { useQuery } from '@tanstack/react-query';
import { api, body, onSignedOut, rememberAntiForgeryToken } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/session';
import { draftsOf, forgetDrafts } from '@/shared/drafts';

export type Session = components['schemas']['SessionResponse'];

const key = ['session'];
const tabs = new BroadcastChannel('leadcrm-session');

/** Who is signed in; null: nobody. */
export function useSession() {
  return useQuery({
    queryKey: key,
    queryFn: async () => {
      try {
        return opened(await body(api.session.GET('/api/session')));
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 5 * 60_000,
  });
}

/** The session of a page that is only shown to who is signed in. */
export function useMe() {
  const { data } = useSession();
  return { id: data?.userId ?? '', name: data?.name ?? '', may: (permission: string) => data?.permissions.includes(permission) ?? false };
}

/** Signs in; answers a challenge instead when a code is wanted as well. */
export async function signIn(email: string, password: string): Promise<string | null> {
  try {
    take(await body(api.session.POST('/api/session', { body: { email, password } })));
    return null;
  } catch (error) {
    if (error instanceof Problem && error.type === 'second-factor-required') return String(error.body.challenge);
    throw error;
  }
}

export async function signInWithCode(challenge: string, code: string) {
  take(await body(api.session.POST('/api/session/second-factor', { body: { challenge, code } })));
}

export async function signOut() {
  await api.session.DELETE('/api/session');
  forgetDrafts();
  tabs.postMessage('signed-out');
  over();
}

/** The session is over: nothing that it showed stays. */
function over() {
  queries.setQueryData(key, null);
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== key[0] });
}

function opened(session: Session) {
  rememberAntiForgeryToken(session.antiForgeryToken);
  draftsOf(session.userId);
  return session;
}

function take(session: Session) {
  queries.setQueryData(key, opened(session));
  tabs.postMessage('signed-in');
}

onSignedOut(over);
tabs.onmessage = ({ data }) => {
  if (data === 'signed-out') over();
  else void queries.invalidateQueries({ queryKey: key });
};
