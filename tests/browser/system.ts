import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The system under test: where it keeps its data is where it says its address and the sample users' password. */
const data = resolve(process.env.LEADCRM_DATA ?? '../../.leadcrm');
const read = (file: string) => JSON.parse(readFileSync(join(data, file), 'utf8'));
const secrets = read('secrets.json');
const state = read('state.json');

export const system = {
  gateway: state.urls.gateway as string,
  broker: state.connectionStrings.rabbitmq as string,
  samplePassword: secrets['sample-password'] as string,
  /** Processes of the services, where the system runs on this machine. */
  pids: Object.fromEntries(Object.entries(state.resources ?? {}).map(([name, one]) => [name, (one as { pid?: number }).pid])) as Record<string, number | undefined>,
  adminPassword: secrets['admin-password'] as string,
};
