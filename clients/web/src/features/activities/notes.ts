import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch, newKey } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/activities';
import type { Editing } from '@/shared/record/types';
import { activitiesChanged, type RecordType } from './queries';

type Note = components['schemas']['NoteResponse'];

/** A note as it is edited. Formatting that programs have put into it is edited as HTML, so that none is lost; a title that is not its first line stays as it is. */
export interface NoteText { id: string; version: number; text: string; isFormatted: boolean; hasOwnTitle: boolean }

export const writeNote = (type: RecordType, id: string, text: string, key = newKey()) =>
  body(api.activities.POST('/api/notes', { params: { header: { 'Idempotency-Key': key } }, body: { title: titleOf(text), html: asHtml(text), related: [{ type, id }] } }));

export const noteQuery = (id: string) => queryOptions({ queryKey: ['activities', 'note', id], queryFn: () => readNote(id), staleTime: 0 });

/** How a note is changed: one that is plain text has its first line as its title. */
export const editingOf = ({ isFormatted, hasOwnTitle }: NoteText): Editing<NoteText> => ({
  read: readNote,
  patch: async (id, version, { text }) => {
    const typed = String(text ?? '').trim();
    const change = { html: isFormatted ? typed : asHtml(typed), ...hasOwnTitle ? {} : { title: titleOf(typed) } };
    return asText(await body(api.activities.PATCH('/api/notes/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body: change, headers: { 'content-type': 'application/merge-patch+json' } })));
  },
  history: async (id) => {
    const { items } = await body(api.activities.GET('/api/notes/{id}/history', { params: { path: { id } } }));
    return { items: items.map((one) => ({ ...one, changes: one.changes && typeof one.changes === 'object' && 'html' in one.changes ? { ...one.changes, text: one.changes.html } : one.changes })) };
  },
  keep: (note) => { queries.setQueryData(noteQuery(note.id).queryKey, note); void activitiesChanged(); },
});

const readNote = async (id: string) => asText(await body(api.activities.GET('/api/notes/{id}', { params: { path: { id } } })));

const titleOf = (text: string) => text.trim().split('\n')[0]!.slice(0, 100);

const asHtml = (text: string) => text.split(/\n{2,}/).map((paragraph) => `<p>${paragraph.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/\n/g, '<br>')}</p>`).join('');

function asText({ id, version, title, html }: Note): NoteText {
  const parsed = new DOMParser().parseFromString(String(html ?? ''), 'text/html').body;
  const isFormatted = parsed.querySelector(':not(p, br)') !== null;
  for (const line of parsed.querySelectorAll('br')) line.replaceWith('\n');
  const paragraphs = [...parsed.childNodes].map((node) => node.textContent ?? '').filter((part) => part.trim() !== '');
  const text = isFormatted ? String(html) : paragraphs.join('\n\n');
  return { id, version, text, isFormatted, hasOwnTitle: isFormatted || titleOf(text) !== title };
}
