// Writes the types of the API from the documents in api/, one file per service: node scripts/types.mjs [FROM TO]. The types are not checked in.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const [from, to] = [process.argv[2] ?? new URL('../api', import.meta.url).pathname, process.argv[3] ?? new URL('../src/api/schema', import.meta.url).pathname]
  .map((path) => pathToFileURL(`${resolve(path)}/`));
await mkdir(to, { recursive: true });

// The documents say nothing of the type of a text, as the services read texts their own way: what has no type is one, alone, in lists and in maps.
function completed(node) {
  if (Array.isArray(node)) return node.map((part) => completed(part));
  if (node === null || typeof node !== 'object') return node;
  const members = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, name === 'properties' ? properties(value, node.required ?? []) : completed(value)]));
  if (members['application/json'] && members['text/csv']) delete members['text/csv'];   // lists as files are links here, never requests of a script
  const types = [members.type ?? []].flat();
  if (types.includes('array') && !members.items) members.items = { type: 'string' };
  if (types.includes('object') && !members.properties && !members.additionalProperties) members.additionalProperties = { type: 'string' };
  return members;
}

const properties = (all, required) => Object.fromEntries(Object.entries(all).map(([name, schema]) =>
  [name, Object.keys(schema).some((key) => key !== 'description' && key !== 'default') ? completed(schema)
    : { ...schema, type: required.includes(name) ? 'string' : ['null', 'string'] }]));

for (const file of (await readdir(from)).filter((name) => name.endsWith('.json'))) {
  const document = completed(JSON.parse(await readFile(new URL(file, from), 'utf8')));
  document.components.schemas.JsonElement = document.components.schemas.JsonElement && {};
  if (document.components.schemas.JsonObject) document.components.schemas.JsonObject = { type: 'object', additionalProperties: {} };
  const types = astToString(await openapiTS(document, { alphabetize: true, defaultNonNullable: false }));
  const target = new URL(file.replace('.json', '.d.ts'), to);
  const before = await readFile(target, 'utf8').catch(() => '');
  if (before !== types) await writeFile(target, types);   // an unchanged file keeps its time, so that nothing is built anew
}
