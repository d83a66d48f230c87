import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, body, ifMatch, newKey } from '@/api/client';
import { queries } from '@/api/queries';
import { Problem } from '@/api/problem';
import type { components } from '@/api/schema/activities';
import { useMe } from '@/features/session/session';

export type Entry = components['schemas']['GetTimelineEntry'];
export type Task = components['schemas']['MyTasksItem'];
export type Kind = components['schemas']['ItemKind'];
export type RecordType = 'lead' | 'account' | 'contact' | 'opportunity';

/** What happened on a record and what comes. A record that was just made is known here a moment later: it has no past yet. */
export function useTimeline(type: RecordType, id: string, kinds: readonly Kind[]) {
  return useInfiniteQuery({
    queryKey: ['activities', 'timeline', type, id, kinds.join(',')],
    queryFn: async ({ pageParam, signal }) => {
      try {
        return await body(api.activities.GET('/api/activities/timeline', { params: { query: { recordType: type, recordId: id, limit: 30, ...(kinds.length ? { kind: kinds.join(',') } : {}), ...(pageParam ? { after: pageParam } : {}) } }, signal }));
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return { items: [], next: '' };
        throw error;
      }
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next || null,
  });
}

export const activitiesChanged = () => {
  void queries.invalidateQueries({ queryKey: ['leads', 'list'] });
  return queries.invalidateQueries({ queryKey: ['activities'] });
};

export const logCall = (type: RecordType, id: string, text: string, key: string) =>
  body(api.activities.POST('/api/activities/calls', { params: { header: { 'Idempotency-Key': key } }, body: { text, recordType: type, recordId: id } }));

export const planTask = (type: RecordType, id: string, subject: string, dueOn: string | null, key: string) =>
  body(api.activities.POST('/api/activities', { params: { header: { 'Idempotency-Key': key } }, body: { kind: 'task', subject, dueOn, related: [{ type, id }] } }));

/** A task of one's own that belongs to no record. */
export const addTask = (subject: string, dueOn: string | null, key: string) =>
  body(api.activities.POST('/api/activities', { params: { header: { 'Idempotency-Key': key } }, body: { kind: 'task', subject, dueOn } }));

export const setTaskStatus = (id: string, version: number, status: 'completed' | 'notStarted') =>
  body(api.activities.PATCH('/api/activities/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: { status }, headers: { 'content-type': 'application/merge-patch+json' } }));

export const postpone = (id: string, version: number, dueOn: string) =>
  body(api.activities.PATCH('/api/activities/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: { dueOn }, headers: { 'content-type': 'application/merge-patch+json' } }));

/** A file as it is; what it is, its bytes decide. */
export async function uploadFile(type: RecordType, id: string, file: File) {
  const query = new URLSearchParams({ name: file.name, recordType: type, recordId: id });
  await api.activities.POST('/api/files', { params: { query: {}, header: { 'Idempotency-Key': newKey() } }, querySerializer: () => query.toString(), body: file as never, bodySerializer: (content: unknown) => content as File, headers: { 'content-type': 'application/octet-stream' } });
}

export function removeEntry({ kind, id, version }: Entry) {
  const params = { path: { id }, header: { 'If-Match': ifMatch(version) } };
  return kind === 'note' ? api.activities.DELETE('/api/notes/{id}', { params }) : kind === 'file' ? api.activities.DELETE('/api/files/{id}', { params }) : api.activities.DELETE('/api/activities/{id}', { params });
}

export function restoreEntry({ kind, id }: Entry) {
  const params = { path: { id }, header: { 'Idempotency-Key': newKey() } };
  return kind === 'note' ? api.activities.POST('/api/notes/{id}/restore', { params }) : kind === 'file' ? api.activities.POST('/api/files/{id}/restore', { params }) : api.activities.POST('/api/activities/{id}/restore', { params });
}

export function useMyTasks() {
  return useInfiniteQuery({
    queryKey: ['activities', 'my-tasks'],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ limit: '100', ...(pageParam ? { after: pageParam } : {}) });
      return body(api.activities.GET('/api/activities/my-tasks', { params: { query: {} }, querySerializer: () => query.toString() }));
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next || null,
  });
}

/** How many tasks are overdue or due today. */
export function useTaskCount() {
  const me = useMe();
  const { data } = useQuery({
    queryKey: ['activities', 'count', me.id],
    queryFn: async () => (await body(api.activities.GET('/api/activities/my-tasks', { params: { query: {} }, querySerializer: () => 'limit=1' }))).counts,
    enabled: me.may('activities.read'),
    staleTime: 60_000,
  });
  return { due: data ? data.overdue + data.today : 0 };
}
