import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/identity';
import { asIs } from '@/shared/list/rows';

export type Organisation = components['schemas']['OrganisationResponse'];
export type SharingRule = components['schemas']['SharingRuleResponse'];
export interface Settings { name: string; timeZone: string; currency: string; firstFiscalMonth: number; sharing: Record<string, string> }

export const readOrganisation = () => body(api.identity.GET('/api/organisation'));
export const organisationQuery = queryOptions({ queryKey: ['organisation'], queryFn: readOrganisation });
export const settingsOf = ({ name, timeZone, currency, firstFiscalMonth, sharing }: Organisation): Settings => ({ name, timeZone, currency, firstFiscalMonth, sharing: sharing as Record<string, string> });
export const changeOrganisation = (version: number, settings: Settings) => body(api.identity.PUT('/api/organisation', { params: { header: { 'If-Match': ifMatch(version) } }, body: settings }));
export const keepOrganisation = (now: Organisation) => queries.setQueryData(organisationQuery.queryKey, now);

export const readFactorRule = () => body(api.identity.GET('/api/organisation/second-factor'));
export const factorRuleQuery = queryOptions({ queryKey: ['organisation', 'second-factor'], queryFn: readFactorRule });
export const changeFactorRule = (version: number, rule: { requiredOfEverybody: boolean; requiredOfRoles: string[] }) => body(api.identity.PUT('/api/organisation/second-factor', { params: { header: { 'If-Match': ifMatch(version) } }, body: rule }));

export const sharingRulesQuery = queryOptions({ queryKey: ['sharing-rules'], queryFn: async () => (await body(api.identity.GET('/api/sharing-rules', asIs('limit=200')))).items });
export const createSharingRule = (rule: { recordType: string; ownedByTeamId: string; sharedWithTeamId: string; access: string }, key: string) => body(api.identity.POST('/api/sharing-rules', { params: { header: { 'Idempotency-Key': key } }, body: rule }));
export const deleteSharingRule = (rule: SharingRule) => api.identity.DELETE('/api/sharing-rules/{id}', { params: { path: { id: rule.id }, header: { 'If-Match': ifMatch(rule.version) } } });

export const objectNames: Record<string, string> = { lead: 'Leads', account: 'Accounts', contact: 'Contacts', opportunity: 'Opportunities', campaign: 'Campaigns', activity: 'Activities, notes and files' };
