import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { InlineField } from '@/shared/record/InlineField';
import { Failed, Loading } from '@/shared/States';
import { editingOf, noteQuery, type NoteText } from './notes';

/** A note while it is edited where it stands, as a field of a record is (UI8): Ctrl Enter or leaving it saves, Esc does not. */
export default function NoteEditor({ id, onDone }: { id: string; onDone: () => void }) {
  const note = useQuery({ ...noteQuery(id), gcTime: 0, refetchOnWindowFocus: false });
  if (note.isError) return <Failed what="The note could not be loaded." error={note.error} retry={() => note.refetch()} />;
  if (!note.data || note.isFetching) return <Loading lines={2} label="Loading the note" />;
  return <Editor note={note.data} onDone={onDone} />;
}

function Editor({ note, onDone }: { note: NoteText; onDone: () => void }) {
  const editing = useMemo(() => editingOf(note), [note]);
  return <InlineField record={note} editing={editing} field={{ name: 'text', label: note.isFormatted ? 'Note (HTML)' : 'Note', kind: 'long' }} mayEdit onDone={onDone} />;
}
