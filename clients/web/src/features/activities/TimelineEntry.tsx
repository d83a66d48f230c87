import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { IconCalendarEvent, IconChecklist, IconDots, IconFile, IconMail, IconNote, IconPencil, IconPhone } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { Problem } from '@/api/problem';
import { useMe } from '@/features/session/session';
import { tell, tellFailure } from '@/shared/notices';
import { dayAgo } from '@/shared/time';
import { When } from '@/shared/When';
import { activitiesChanged, removeEntry, restoreEntry, setTaskStatus, type Entry, type Kind } from './queries';
import classes from './Timeline.module.css';

const NoteEditor = lazy(() => import('./NoteEditor'));

const icons: Record<Kind, ReactNode> = {
  call: <IconPhone size={16} aria-label="Call" />, task: <IconChecklist size={16} aria-label="Task" />, event: <IconCalendarEvent size={16} aria-label="Event" />,
  email: <IconMail size={16} aria-label="E-mail" />, note: <IconNote size={16} aria-label="Note" />, file: <IconFile size={16} aria-label="File" />,
};

/** One thing that happened, or is to: a task is ticked off, a note edited, anything moved to the recycle bin where it stands. */
export function TimelineEntry({ entry }: { entry: Entry }) {
  const me = useMe();
  const done = entry.status === 'completed';
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const wantsFocus = useRef(false);   // once the note is saved or left, keys go on from where it was opened
  useEffect(() => {
    if (editing || !wantsFocus.current) return;
    wantsFocus.current = false;
    pencil.current?.focus();
  }, [editing]);
  const change = async (what: () => Promise<unknown>, said?: string, undo?: () => Promise<unknown>) => {
    try {
      await what();
      await activitiesChanged();
      if (said) tell(said, undo && { label: 'Undo', run: () => void undo().then(activitiesChanged) });
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  };
  return (
    <li className={classes.one} data-overdue={entry.overdue || undefined}>
      <span className={classes.icon}>{entry.kind === 'task' && me.may('activities.edit')
        ? <Checkbox size="xs" checked={done} aria-label={done ? `Open again: ${entry.subject}` : `Done: ${entry.subject}`} onChange={() => void change(() => setTaskStatus(entry.id, entry.version, done ? 'notStarted' : 'completed'))} />
        : icons[entry.kind]}</span>
      <div className={classes.text}>
        {editing ? <Suspense><NoteEditor id={entry.id} onDone={() => { wantsFocus.current = true; setEditing(false); }} /></Suspense> : <Words entry={entry} />}
        <p className="muted small">
          {[entry.direction === 'inbound' ? 'Incoming' : null, entry.result, entry.durationMinutes ? `${entry.durationMinutes} min` : null, entry.place, entry.isPrivate ? 'Private' : null, entry.ownerName].filter(Boolean).map((part) => <span key={part} className={classes.fact}>{part}</span>)}
          {entry.kind === 'task' ? entry.dueOn && <span className={classes.fact}>{entry.overdue ? 'Overdue: ' : 'Due '}{dayAgo(entry.dueOn)}</span> : <span className={classes.fact}><When at={entry.at} /></span>}
        </p>
      </div>
      <span className={classes.actions}>
        {entry.kind === 'note' && !editing && me.may('activities.edit') && <ActionIcon ref={pencil} variant="subtle" color="gray" aria-label={`Edit ${entry.subject}`} onClick={() => setEditing(true)}><IconPencil size={16} /></ActionIcon>}
        {me.may('activities.delete') && (
          <Menu position="bottom-end">
            <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={`More for ${entry.subject}`}><IconDots size={16} /></ActionIcon></Menu.Target>
            <Menu.Dropdown><Menu.Item onClick={() => void change(() => removeEntry(entry), 'Moved to the recycle bin.', () => restoreEntry(entry))}>Delete</Menu.Item></Menu.Dropdown>
          </Menu>
        )}
      </span>
    </li>
  );
}

function Words({ entry }: { entry: Entry }) {
  return (
    <>
      <p className="breaks">{entry.kind === 'file' ? <a href={`/api/files/${entry.id}/content`} download>{entry.subject}</a> : <span className={entry.status === 'completed' ? classes.done : undefined}>{entry.subject}</span>}</p>
      {entry.preview && entry.preview !== entry.subject && <p className={`muted breaks ${classes.preview}`}>{entry.preview}</p>}
    </>
  );
}
