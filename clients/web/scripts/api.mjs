// The services' documents as api/ holds them, from a running system:
//   node scripts/api.mjs GATEWAY           brings api/ up to date (npm run api, with LEADCRM_GATEWAY)
//   node scripts/api.mjs --check GATEWAY   says whether the client still fits what the system offers: types made of the documents
//                                          of now, and the type check against them. What was only added passes.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv[2] === '--check';
const gateway = process.argv[check ? 3 : 2] ?? process.env.LEADCRM_GATEWAY ?? 'http://127.0.0.1:5400';
const services = (await readdir(join(root, 'api'))).map((file) => file.replace('.json', ''));

const target = check ? await mkdtemp(join(root, 'node_modules', '.api-')) : join(root, 'api');
for (const service of services) {
  const answer = await fetch(`${gateway}/openapi/${service === 'session' ? 'v1' : service}.json`);
  if (!answer.ok) throw new Error(`${service} does not describe itself: ${answer.status}`);
  const document = await answer.json();
  delete document.servers;   // the address of this very system
  await writeFile(join(target, `${service}.json`), `${JSON.stringify(document, null, 1)}\n`);
}
if (!check) process.exit();

const run = (...command) => spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
run(join(root, 'scripts/types.mjs'), target, join(target, 'schema'));
await writeFile(join(target, 'tsconfig.json'), JSON.stringify({
  extends: join(root, 'tsconfig.json'),
  compilerOptions: { paths: { '@/api/schema/*': [join(target, 'schema/*')], '@/*': [join(root, 'src/*')] } },
  include: [join(root, 'src')],
}));
const { status, stdout } = run(join(root, 'node_modules/typescript/bin/tsc'), '-p', join(target, 'tsconfig.json'), '--noEmit');
await rm(target, { recursive: true });
if (status !== 0) {
  console.error(`The web client does not fit the API any more:\n${stdout}\nChange the client, then bring clients/web/api up to date: npm run api --prefix clients/web`);
  process.exit(1);
}
