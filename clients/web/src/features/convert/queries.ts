import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';
import { leadQuery, listsChanged, type Lead } from '@/features/leads/queries';

export type Request = components['schemas']['ConversionRequest'];
export type Preview = components['schemas']['ConversionPreview'];
export type Conversion = components['schemas']['ConversionResponse'];
export type Candidate = components['schemas']['Candidate'];
export type Undo = components['schemas']['UndoResponse'];
export type UndoPreview = components['schemas']['UndoPreview'];
export type Origin = components['schemas']['FieldOrigin'];

/** What a conversion would do; writes nothing. */
export const preview = async (leadId: string, request: Request, signal?: AbortSignal) =>
  await body(api.leads.POST('/api/leads/{id}/conversions', { params: { path: { id: leadId } }, body: { ...request, dryRun: true }, signal })) as unknown as Preview;

export const convert = async (lead: Lead, request: Request, key: string) =>
  await body(api.leads.POST('/api/leads/{id}/conversions', { params: { path: { id: lead.id }, header: { 'Idempotency-Key': key, 'If-Match': ifMatch(lead.version) } }, body: request })) as unknown as Conversion;

export const conversionQuery = (id: string) => queryOptions({
  queryKey: ['conversions', id],
  queryFn: async () => await body(api.leads.GET('/api/leads/conversions/{conversionId}', { params: { path: { conversionId: id } } })) as unknown as Conversion,
});

export const previewUndo = async (conversionId: string) =>
  await body(api.leads.POST('/api/leads/conversions/{conversionId}/undo', { params: { path: { conversionId } }, body: { dryRun: true } })) as unknown as UndoPreview;

export const undo = async (conversionId: string, key: string) =>
  await body(api.leads.POST('/api/leads/conversions/{conversionId}/undo', { params: { path: { conversionId }, header: { 'Idempotency-Key': key } }, body: { dryRun: false } })) as unknown as Undo;

/** Follows long work as it comes from the server, over interruptions, until it is over. */
export function useProgress<T extends { isOver: boolean }>(address: string | null, event: string, onOver: () => void): T | null {
  const [news, setNews] = useState<T | null>(null);
  useEffect(() => {
    if (!address) return;
    const source = new EventSource(address);   // comes back by itself when the line breaks
    source.addEventListener(event, ({ data }: MessageEvent<string>) => {
      const now = JSON.parse(data) as T;
      setNews(now);
      if (!now.isOver) return;
      source.close();
      onOver();
    });
    return () => source.close();
  }, [address]);   // eslint-disable-line react-hooks/exhaustive-deps -- the last action counts, not a new line for each
  return news;
}

/** What a conversion or its undo changed is asked for anew. */
export function conversionOver(leadId: string) {
  void queries.invalidateQueries({ queryKey: leadQuery(leadId).queryKey });
  void queries.invalidateQueries({ queryKey: ['conversions'] });
  void queries.invalidateQueries({ queryKey: ['activities'] });
  return listsChanged();
}

export const useStages = () => useQuery({ queryKey: ['opportunities', 'stages'], queryFn: () => body(api.opportunities.GET('/api/opportunities/stages')), staleTime: 5 * 60_000 });
