import { antiForgeryToken, whoAmI } from '/session.js';

const $ = (id) => document.getElementById(id);

// Calls tried here are this page's own: the cookie goes along by itself, and a change gets the anti-forgery token.
const send = window.fetch.bind(window);
window.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  const isWrite = !['GET', 'HEAD'].includes(request.method);
  if (url.origin === location.origin && url.pathname.startsWith('/api/') && isWrite && antiForgeryToken()) request.headers.set('x-csrf-token', antiForgeryToken());
  const answer = await send(request);
  // Signing in or out by trying those very calls: learn the new token.
  if (url.origin === location.origin && url.pathname === '/api/session' && isWrite && answer.ok) await showWho();
  return answer;
};

async function showWho() {
  const session = await whoAmI().catch(() => null);
  $('who').textContent = session ? session.name : 'Not signed in:';
  $('who-link').hidden = session !== null;
}

function load(src) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = src;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

function sayHowToInstall(sources) {
  $('missing').hidden = false;
  $('documents').replaceChildren(...sources.map(({ title, url }) => {
    const link = document.createElement('a');
    link.href = url;
    link.textContent = title;
    const item = document.createElement('li');
    item.append(link);
    return item;
  }));
}

// Links from the start page name a call ("POST /api/leads/imports"); where it stands in the reference depends on its tag.
const tagSlug = (tag) => tag.toLowerCase().replace(/[^a-z0-9]+/g, '-');
const sameCall = (path) => path.replace(/\{[^}]*\}/g, '{}').replace(/\/$/, '');

async function placeOf(source, call) {
  const [method, wantedPath] = call.split(' ');
  const { paths } = await (await send(source.url)).json();
  for (const [path, operations] of Object.entries(paths)) {
    const operation = operations[method.toLowerCase()];
    if (operation && sameCall(path) === sameCall(wantedPath)) return `#${source.slug}/tag/${tagSlug(operation.tags?.[0] ?? '')}/${method}${path}`;
  }
  return null;
}

const wanted = new URLSearchParams(location.search);
const [sources] = await Promise.all([send('/openapi/sources.json').then((answer) => answer.json()), showWho()]);

const chosen = sources.find((source) => source.slug === wanted.get('area'));
if (chosen && wanted.get('call') && !location.hash) {
  const place = await placeOf(chosen, wanted.get('call')).catch(() => null);
  if (place) history.replaceState(null, '', place);
}

try {
  await load('/reference/scalar.js');
  window.Scalar.createApiReference('#reference', {
    sources: sources.map((source) => ({ ...source, default: source === chosen })),
    generateTagSlug: (tag) => tagSlug(tag.name),
    generateOperationSlug: ({ method, path }) => `${method.toUpperCase()}${path}`,
    layout: 'modern',
    theme: 'none',
    withDefaultFonts: false,
    hideClientButton: true,
    showDeveloperTools: 'never',
    telemetry: false,
    agent: { disabled: true },
    mcp: { disabled: true },
    persistAuth: false,
  });
} catch {
  sayHowToInstall(sources);
}
