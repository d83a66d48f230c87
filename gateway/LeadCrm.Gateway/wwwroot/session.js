// The session as a page sees it. Browsers never hold a token: the cookie is out of reach for scripts, and writes carry the
// anti-forgery token that GET /api/session gives.

let current = null;

export async function whoAmI() {
  const answer = await fetch('/api/session', { headers: { accept: 'application/json' } });
  current = answer.ok ? await answer.json() : null;
  if (!answer.ok && answer.status !== 401) throw new Error(await problem(answer));
  return current;
}

export async function signIn(email, password) {
  const answer = await fetch('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) throw new Error(await problem(answer));
  current = await answer.json();
  return current;
}

export async function signOut() {
  const answer = await fetch('/api/session', { method: 'DELETE', headers: { 'x-csrf-token': current?.antiForgeryToken ?? '' } });
  if (!answer.ok && answer.status !== 401) throw new Error(await problem(answer));
  current = null;
}

export function antiForgeryToken() {
  return current?.antiForgeryToken;
}

async function problem(answer) {
  try {
    const body = await answer.json();
    const fields = Object.values(body.errors ?? {}).flat();
    return fields.length > 0 ? fields.join(' ') : body.detail ?? body.title;
  } catch {
    return `The server answered ${answer.status}. Try again in a few seconds.`;
  }
}
