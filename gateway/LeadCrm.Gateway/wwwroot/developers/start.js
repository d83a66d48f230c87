import { signIn, signInWithCode, signOut, whoAmI } from '/session.js';

const $ = (id) => document.getElementById(id);

let challenge = null;   // between the password and the code

function askForCode(given) {
  challenge = given;
  $('code-part').hidden = challenge === null;
  $('password-part').hidden = challenge !== null;
  $('code').value = '';
  (challenge === null ? $('password') : $('code')).focus();
}

function show(session) {
  $('sign-in').hidden = session !== null;
  $('signed-in').hidden = $('who').hidden = session === null;
  if (session === null) return;
  $('name').textContent = $('who-name').textContent = session.name;
  $('permissions').replaceChildren(...session.permissions.map((permission) => {
    const item = document.createElement('li');
    item.textContent = permission;
    return item;
  }));
}

function notice(text) {
  $('notice').textContent = text;
  $('notice').hidden = !text;
}

function wrong(text, fields) {
  $('sign-in-error').textContent = text;
  for (const id of ['email', 'password', 'code']) $(id).setAttribute('aria-invalid', String(fields.includes(id)));
  if (fields.length > 0) $(fields[0]).focus();
}

$('sign-in-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const email = $('email').value.trim();
  const password = $('password').value;
  const code = $('code').value.trim();
  if (challenge !== null && !code) return wrong('Enter the code.', ['code']);
  const missing = [!email && 'email', !password && 'password'].filter(Boolean);
  if (missing.length > 0) return wrong(`Enter your ${missing.map((id) => (id === 'email' ? 'e-mail address' : id)).join(' and your ')}.`, missing);

  const button = event.submitter ?? $('sign-in-form').querySelector('button[type=submit]');
  wrong('', []);   // what was said of the attempt before
  button.disabled = true;
  button.textContent = 'Signing in…';
  try {
    let session;
    if (challenge === null) {
      const answer = await signIn(email, password);
      if (answer.challenge) {
        wrong('', []);
        askForCode(answer.challenge);
        return;
      }
      session = answer.session;
    } else {
      session = await signInWithCode(challenge, code);
      askForCode(null);
    }
    $('password').value = '';
    show(session);
    notice(`You are signed in. Calls in the reference are made as ${session.name}.`);
    $('signed-in-title').tabIndex = -1;
    $('signed-in-title').focus();
  } catch (error) {
    wrong(error.message, [challenge === null ? 'password' : 'code']);
  } finally {
    button.disabled = false;
    button.textContent = 'Sign in';
  }
});

$('start-again').addEventListener('click', () => {
  wrong('', []);
  askForCode(null);
});

$('sign-out').addEventListener('click', async () => {
  try {
    await signOut();
    show(null);
    notice('You are signed out.');
    $('email').focus();
  } catch (error) {
    notice(error.message);
  }
});

$('curl').textContent = `URL=${location.origin}
curl -c cookies.txt "$URL/api/session" -H "content-type: application/json" \\
  -d '{"email": "…", "password": "…"}'                 # answers with antiForgeryToken
curl -b cookies.txt "$URL/api/leads?q=example&limit=20"
curl -b cookies.txt "$URL/api/leads" -H "x-csrf-token: …" \\
  -H "content-type: application/json" -d '{"lastName": "Example", "company": "Example GmbH"}'`;

async function listAreas() {
  const sources = await (await fetch('/openapi/sources.json')).json();
  $('areas').replaceChildren(...sources.map(({ slug, title }) => {
    const link = document.createElement('a');
    link.href = `/reference/?area=${encodeURIComponent(slug)}`;
    link.textContent = title;
    const item = document.createElement('li');
    item.append(link);
    return item;
  }));
}

listAreas().catch(() => notice('The list of areas could not be loaded. Reload the page to try again.'));
try {
  show(await whoAmI());
} catch (error) {
  show(null);
  notice(error.message);
}
