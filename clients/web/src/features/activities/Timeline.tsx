import { Button, Chip, FileButton, Textarea, TextInput } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type Ref } from 'react';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { useMe } from '@/features/session/session';
import { useDraft } from '@/shared/drafts';
import { tell, tellFailure } from '@/shared/notices';
import { Failed, Loading } from '@/shared/States';
import { writeNote } from './notes';
import { activitiesChanged, logCall, planTask, uploadFile, useTimeline, type Kind, type RecordType } from './queries';
import classes from './Timeline.module.css';
import { TimelineEntry } from './TimelineEntry';

const kinds: [Kind, string][] = [['call', 'Calls'], ['task', 'Tasks'], ['event', 'Events'], ['email', 'E-mails'], ['note', 'Notes'], ['file', 'Files']];

/** What happened on a record and what comes, with a line to add to it (AV2). */
export function Timeline({ type, id, callField, taskButton }: { type: RecordType; id: string; callField?: Ref<HTMLInputElement>; taskButton?: Ref<HTMLButtonElement> }) {
  const me = useMe();
  const [shown, setShown] = useState<Kind[]>([]);
  const timeline = useTimeline(type, id, shown);
  const entries = timeline.data?.pages.flatMap((page) => page.items) ?? [];
  const upcoming = entries.filter((entry) => entry.upcoming);
  const past = entries.filter((entry) => !entry.upcoming);

  return (
    <div>
      {me.may('activities.create') && <Composer key={id} type={type} id={id} callField={callField} taskButton={taskButton} />}
      <Chip.Group multiple value={shown} onChange={(next) => setShown(next as Kind[])}>
        <div className={classes.kinds} role="group" aria-label="Show only">{kinds.map(([kind, label]) => <Chip key={kind} size="xs" radius={6} variant="light" value={kind}>{label}</Chip>)}</div>
      </Chip.Group>
      {timeline.isPending ? <Loading lines={4} label="Loading activity" />
        : timeline.isError ? <Failed what="The activity could not be loaded." error={timeline.error} retry={() => timeline.refetch()} />
        : entries.length === 0 ? <p className={`muted ${classes.empty}`}>{shown.length > 0 ? 'Nothing of this kind.' : 'Calls, e-mails, tasks, events, notes and files are shown here. Log the first call above.'}</p>
        : (
          <>
            {upcoming.length > 0 && <section aria-label="Upcoming"><h3 className={classes.heading}>Upcoming</h3><ul className={classes.list}>{upcoming.map((entry) => <TimelineEntry key={entry.id} entry={entry} />)}</ul></section>}
            {past.length > 0 && <section aria-label="Past"><h3 className={classes.heading}>Past</h3><ul className={classes.list}>{past.map((entry) => <TimelineEntry key={entry.id} entry={entry} />)}</ul></section>}
            {timeline.hasNextPage && <Button variant="subtle" loading={timeline.isFetchingNextPage} onClick={() => timeline.fetchNextPage()}>Show older</Button>}
          </>
        )}
    </div>
  );
}

const nothing = { call: '', task: '', due: '', note: '' };

function Composer({ type, id, callField, taskButton }: { type: RecordType; id: string; callField?: Ref<HTMLInputElement>; taskButton?: Ref<HTMLButtonElement> }) {
  const { value: draft, setValue: setDraft } = useDraft(`activity:${type}:${id}`, nothing);
  const [more, setMore] = useState<'task' | 'note' | null>(null);
  const key = useRef(newKey());
  const opener = useRef<HTMLButtonElement>(null);   // the focus goes back there, so that keys go on
  const save = useMutation({
    mutationFn: async (what: 'call' | 'task' | 'note') => {
      if (what === 'call') await logCall(type, id, draft.call.trim(), key.current);
      else if (what === 'task') await planTask(type, id, draft.task.trim(), draft.due || null, key.current);
      else await writeNote(type, id, draft.note.trim(), key.current);
    },
    onSuccess: (_, what) => {
      key.current = newKey();
      setDraft({ ...draft, [what]: '', ...(what === 'task' ? { due: '' } : {}) });
      tell(what === 'call' ? 'The call is logged.' : what === 'task' ? 'The task is planned.' : 'The note is saved.');
      setMore(null);
      if (what !== 'call') opener.current?.focus();
      return activitiesChanged();
    },
  });
  const upload = useMutation({
    mutationFn: async (files: File[]) => { for (const file of files) await uploadFile(type, id, file); },
    onSuccess: (_, files) => tell(files.length === 1 ? `${files[0]!.name} is here now.` : `${files.length} files are here now.`), onError: (error) => tellFailure(Problem.of(error).message), onSettled: activitiesChanged,
  });
  const submit = (what: 'call' | 'task' | 'note') => (event: FormEvent) => { event.preventDefault(); if (draft[what].trim()) save.mutate(what); };
  const error = save.error && Problem.of(save.error).message;

  return (
    <div className={classes.composer}>
      <form onSubmit={submit('call')} className={classes.line}>
        <TextInput ref={callField} className={classes.grow} leftSection={<IconPhone size={16} aria-hidden />} aria-label="Log a call" placeholder="Log a call: what was said, then Enter" value={draft.call} onChange={(event) => setDraft({ ...draft, call: event.currentTarget.value })}
          error={save.variables === 'call' && error} />
        {draft.call.trim() && <Button type="submit" loading={save.isPending && save.variables === 'call'}>Log</Button>}
        <Button ref={taskButton} variant="default" aria-expanded={more === 'task'} onClick={(event) => { opener.current = event.currentTarget; setMore(more === 'task' ? null : 'task'); }}>Task</Button>
        <Button variant="default" aria-expanded={more === 'note'} onClick={(event) => { opener.current = event.currentTarget; setMore(more === 'note' ? null : 'note'); }}>Note</Button>
        <FileButton multiple onChange={(files) => { if (files.length > 0) upload.mutate(files); }}>{(props) => <Button {...props} variant="default" loading={upload.isPending}>File</Button>}</FileButton>
      </form>
      {more === 'task' && (
        <form onSubmit={submit('task')} className={classes.line}>
          <TextInput autoFocus className={classes.grow} aria-label="What is to be done" placeholder="What is to be done?" value={draft.task} onChange={(event) => setDraft({ ...draft, task: event.currentTarget.value })} error={save.variables === 'task' && error} />
          <TextInput type="date" aria-label="Due" value={draft.due} onChange={(event) => setDraft({ ...draft, due: event.currentTarget.value })} />
          <Button type="submit" loading={save.isPending} disabled={!draft.task.trim()}>Plan</Button>
        </form>
      )}
      {more === 'note' && (
        <form onSubmit={submit('note')} className={classes.note}>
          <Textarea autoFocus autosize minRows={3} aria-label="Note" placeholder="The first line becomes the title" value={draft.note} onChange={(event) => setDraft({ ...draft, note: event.currentTarget.value })} error={save.variables === 'note' && error}
            onKeyDown={(event) => { if (event.key === 'Enter' && event.ctrlKey) submit('note')(event); }} />
          <Button type="submit" loading={save.isPending} disabled={!draft.note.trim()}>Save note</Button>
        </form>
      )}
    </div>
  );
}
