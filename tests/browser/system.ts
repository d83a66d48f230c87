import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The system under test: where it keeps its data is where it says its address and the sample users' password. */
const data = resolve(process.env.LEADCRM_DATA ?? '../../.leadcrm');
const read = (file: string) => JSON.parse(readFileSync(join(data, file), 'utf8'));
const secrets = read('secrets.json');

export const system = {
  gateway: read('state.json').urls.gateway as string,
  samplePassword: secrets['sample-password'] as string,
  adminPassword: secrets['admin-password'] as string,
};
