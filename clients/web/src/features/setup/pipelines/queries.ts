import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/opportunities';
import { pipelinesQuery } from '@/features/opportunities/opportunities';

export type Pipeline = components['schemas']['PipelineResponse'];
export type PipelineInput = components['schemas']['PipelineInput'];
export type StageInput = components['schemas']['StageInput'];
export type Category = components['schemas']['StageCategory'];
export type Forecast = components['schemas']['ForecastCategory'];

export const categoryNames: Record<Category, string> = { open: 'Open', won: 'Won', lost: 'Lost' };
export const forecastNames: Record<Forecast, string> = { pipeline: 'Pipeline', bestCase: 'Best case', commit: 'Commit', closed: 'Closed', omitted: 'Left out' };

/** What a stage may ask for before a deal moves on, as the service knows it. */
export const exitCriteria: Record<string, string> = {
  amount: 'Amount', competitors: 'Competitors', description: 'Description', nextStep: 'Next step', primaryCampaignId: 'Primary campaign', primaryContact: 'A primary contact', source: 'Source', team: 'Team', type: 'Type',
};

export const readPipeline = (id: string) => body(api.opportunities.GET('/api/opportunities/pipelines/{id}', { params: { path: { id } } }));
export const createPipeline = (input: PipelineInput, key: string) => body(api.opportunities.POST('/api/opportunities/pipelines', { params: { header: { 'Idempotency-Key': key } }, body: input }));
export const changePipeline = (id: string, version: number, input: PipelineInput) => body(api.opportunities.PUT('/api/opportunities/pipelines/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: input }));
export const deletePipeline = (one: Pipeline) => api.opportunities.DELETE('/api/opportunities/pipelines/{id}', { params: { path: { id: one.id }, header: { 'If-Match': ifMatch(one.version) } } });

/** Boards, paths and lists show the pipelines as they are now. */
export function pipelinesChanged() {
  void queries.invalidateQueries({ queryKey: ['opportunities', 'list'] });
  return queries.invalidateQueries({ queryKey: pipelinesQuery.queryKey });
}
