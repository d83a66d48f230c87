import { api, body } from '@/api/client';
import type { components } from '@/api/schema/leads';

export type Message = components['schemas']['ParkedMessagesItem'];

const clients = { leads: api.leads, accounts: api.accounts, opportunities: api.opportunities, activities: api.activities, campaigns: api.campaigns, capture: api.capture, identity: api.identity };
export type Service = keyof typeof clients;
export const services = Object.keys(clients) as Service[];

// Every service has the same four operations under its own name; the leads' document stands for all of them.
const at = (service: Service) => ({ client: clients[service] as typeof api.leads, list: `/api/operations/${service}/messages` as '/api/operations/leads/messages', one: `/api/operations/${service}/messages/{id}` as '/api/operations/leads/messages/{id}', replay: `/api/operations/${service}/messages/{id}/replay` as '/api/operations/leads/messages/{id}/replay' });

/** What a service has given up, oldest first: the first hundred. */
export const parkedOf = async (service: Service) => { const { client, list } = at(service); return await body(client.GET(list, { params: { query: { limit: 100 } } })); };
export const readMessage = (service: Service, id: string) => { const { client, one } = at(service); return body(client.GET(one, { params: { path: { id } } })); };
export const replay = (service: Service, id: string) => { const { client, replay } = at(service); return client.POST(replay, { params: { path: { id } } }); };
export const throwAway = (service: Service, id: string) => { const { client, one } = at(service); return client.DELETE(one, { params: { path: { id } } }); };
