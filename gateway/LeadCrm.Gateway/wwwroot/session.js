// The session as a page sees it. Browsers never hold a token: the cookie is out of reach for scripts, and writes carry the
// anti-forgery token that GET /api/session gives.

let current = null;

export async function whoAmI() {
  const answer = await fetch('/api/session', { headers: { accept: 'application/json' } });
  current = answer.ok ? await answer.json() : null;
  if (!answer.ok && answer.status !== 401) throw new Error(await problem(answer));
  return current;
}

/** Answers `{ session }`, or `{ challenge }` when a code is wanted as well. */
export async function signIn(email, password) {
  const answer = await post('/api/session', { email, password });
  if (answer.status === 401) {
    const { type, challenge } = await answer.clone().json();
    if (type === 'urn:leadcrm:second-factor-required') return { challenge };
  }
  return { session: await opened(answer) };
}

export async function signInWithCode(challenge, code) {
  return opened(await post('/api/session/second-factor', { challenge, code }));
}

export async function signOut() {
  const answer = await fetch('/api/session', { method: 'DELETE', headers: { 'x-csrf-token': current?.antiForgeryToken ?? '' } });
  if (!answer.ok && answer.status !== 401) throw new Error(await problem(answer));
  current = null;
}

export function antiForgeryToken() {
  return current?.antiForgeryToken;
}

function post(address, body) {
  return fetch(address, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(body) });
}

async function opened(answer) {
  if (!answer.ok) throw new Error(await problem(answer));
  current = await answer.json();
  return current;
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
