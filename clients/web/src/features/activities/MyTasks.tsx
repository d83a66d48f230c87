import { Button, Checkbox, Menu, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { Link } from 'react-router';
import { usePage } from '@/app/page';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { useMe } from '@/features/session/session';
import { useDraft } from '@/shared/drafts';
import { tell, tellFailure } from '@/shared/notices';
import { Empty, Failed, Loading } from '@/shared/States';
import { count, dayAgo, isoToday } from '@/shared/time';
import { activitiesChanged, addTask, postpone, setTaskStatus, useMyTasks, type Task } from './queries';
import classes from './MyTasks.module.css';

const buckets = [['overdue', 'Overdue'], ['today', 'Today'], ['upcoming', 'Upcoming'], ['noDay', 'Without a day']] as const;
const pages: Record<string, string> = { lead: '/leads', account: '/accounts', contact: '/contacts', opportunity: '/opportunities' };

/** One's open tasks by day; each is done or put off in place. */
export function MyTasks() {
  usePage('My tasks');
  const tasks = useMyTasks();
  if (tasks.isPending) return <Loading lines={10} label="Loading tasks" />;
  if (tasks.isError) return <Failed what="Your tasks could not be loaded." error={tasks.error} retry={() => tasks.refetch()} />;
  const items = tasks.data.pages.flatMap((page) => page.items);
  const counts = tasks.data.pages[0]!.counts;
  if (items.length === 0) return <div className={classes.page}><h1>My tasks</h1><Add /><Empty action={<Button component={Link} to="/leads/my-open">Go to my open leads</Button>}>Nothing is waiting for you. Tasks that you plan on a lead are shown here.</Empty></div>;
  return (
    <div className={classes.page}>
      <h1>My tasks</h1>
      <Add />
      {buckets.filter(([bucket]) => counts[bucket] > 0).map(([bucket, label]) => (
        <section key={bucket} aria-label={label}>
          <h2 className={classes.heading} data-bucket={bucket}>{label} <span className="muted">{count(counts[bucket])}</span></h2>
          <ul className={classes.list}>{items.filter((task) => task.bucket === bucket).map((task) => <One key={task.id} task={task} />)}</ul>
        </section>
      ))}
      {tasks.hasNextPage && <Button variant="default" mt="md" loading={tasks.isFetchingNextPage} onClick={() => tasks.fetchNextPage()}>Show more</Button>}
    </div>
  );
}

const nothing = { subject: '', due: '' };

/** A task of one's own, for today unless one says otherwise. */
function Add() {
  const me = useMe();
  const { value: draft, setValue: setDraft, discard } = useDraft('new-task', nothing);
  const key = useRef(newKey());
  const add = useMutation({
    mutationFn: () => addTask(draft.subject.trim(), draft.due || isoToday(), key.current),
    onSuccess: () => { discard(); return activitiesChanged(); },
    onSettled: () => { key.current = newKey(); },
  });
  if (!me.may('activities.create')) return null;
  return (
    <form className={classes.add} onSubmit={(event) => { event.preventDefault(); if (draft.subject.trim() && !add.isPending) add.mutate(); }}>
      <TextInput className={classes.what} aria-label="What is to be done" placeholder="What is to be done? Enter adds it" value={draft.subject} onChange={(event) => setDraft({ ...draft, subject: event.currentTarget.value })} error={add.isError && Problem.of(add.error).words} />
      <TextInput type="date" aria-label="Due" value={draft.due || isoToday()} onChange={(event) => setDraft({ ...draft, due: event.currentTarget.value })} />
      <Button type="submit" variant="default" loading={add.isPending} disabled={!draft.subject.trim()}>Add task</Button>
    </form>
  );
}

/** A task, done or put off where it stands. */
export function One({ task }: { task: Task }) {
  const me = useMe();
  const mayEdit = me.may('activities.edit');
  const change = async (what: () => Promise<{ version: number }>, said: string, undo?: (version: number) => Promise<unknown>) => {
    try {
      const { version } = await what();
      await activitiesChanged();
      tell(said, undo && { label: 'Undo', run: () => void undo(version).then(activitiesChanged, (error) => tellFailure(Problem.of(error).message)) });
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  };
  return (
    <li className={classes.one}>
      <Checkbox size="xs" disabled={!mayEdit} checked={false} aria-label={`Done: ${task.subject}`} onChange={() => void change(() => setTaskStatus(task.id, task.version, 'completed'), `Done: ${task.subject}`, (version) => setTaskStatus(task.id, version, 'notStarted'))} />
      <div className={classes.text}>
        <span className="breaks">{task.subject}{task.priority === 'high' && <b className={classes.high}> High</b>}</span>
        <span className="muted small">{task.related?.map((record, i) => <span key={record.id}>{i > 0 && ', '}{pages[record.type] ? <Link to={`${pages[record.type]}/${record.id}`}>{record.name || record.type}</Link> : record.name}</span>)}</span>
      </div>
      <span className={`small ${classes.due}`} data-bucket={task.bucket}>{task.dueOn && dayAgo(task.dueOn)}</span>
      {mayEdit && (
        <Menu position="bottom-end">
          <Menu.Target><Button variant="subtle" color="gray" aria-label={`Put off: ${task.subject}`}>Put off</Button></Menu.Target>
          <Menu.Dropdown>
            {([['Tomorrow', 1], ['In 3 days', 3], ['In a week', 7], ['In a month', 30]] as const).map(([label, days]) => (
              <Menu.Item key={days} onClick={() => void change(() => postpone(task.id, task.version, isoToday(days)), `Put off: ${task.subject}`, task.dueOn ? (version) => postpone(task.id, version, task.dueOn!) : undefined)}>{label}</Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
