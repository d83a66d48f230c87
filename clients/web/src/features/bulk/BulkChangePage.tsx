import { Alert, Button, Group, Progress } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { tellFailure } from '@/shared/notices';
import { Loading, NoRecord } from '@/shared/States';
import { day, number } from '@/shared/time';
import { When } from '@/shared/When';
import classes from './Bulk.module.css';
import { changeQuery, controlChange, followChange, inWords, isChangeOver, restoreDeleted, type Change, type OutcomeState } from './bulkChanges';
import { ChangeOutcomes } from './Changes';

const titles: Record<Change['state'], string> = { queued: 'Waiting to begin', running: 'Under way', paused: 'Paused', completed: 'Finished', cancelled: 'Stopped', failed: 'Could not go on' };

/** One change of many leads: how far it is, what can be done about it, and what became of each. */
export function BulkChangePage() {
  const { id = '' } = useParams();
  const change = useQuery(changeQuery(id));
  usePage('Bulk change', { label: 'Leads', to: '/leads' }, { label: 'Bulk changes', to: '/leads/bulk-changes' });
  if (change.isPending) return <Loading lines={6} label="Loading the bulk change" />;
  if (change.isError) return <NoRecord what="change of many leads" query={change} onward={{ label: 'Show the bulk changes', to: '/leads/bulk-changes' }} />;
  return <Whole key={id} change={change.data} />;
}

function Whole({ change }: { change: Change }) {
  const me = useMe();
  const navigate = useNavigate();
  const over = isChangeOver(change);
  const mine = change.createdById === me.id;
  const [state, setState] = useState<OutcomeState | null>(change.refused > 0 ? 'refused' : null);
  const act = useMutation({ mutationFn: (what: keyof typeof controlChange) => controlChange[what](change.id), onSuccess: (now) => { queries.setQueryData(changeQuery(change.id).queryKey, now); }, onError: (error) => tellFailure(Problem.of(error).message) });
  const restore = useMutation({ mutationFn: () => restoreDeleted(change), onSuccess: (begun) => void navigate(`/leads/bulk-changes/${begun.id}`), onError: (error) => tellFailure(Problem.of(error).message) });
  useEffect(() => over ? undefined : followChange(change.id, () => {}), [change.id, over]);

  const waiting = change.total - change.changed - change.refused;
  const figures = [['changed', change.changed, 'good'], ['not changed', change.refused, 'bad'], [over ? 'not reached' : 'to come', waiting, 'none']] as const;
  const kinds: [OutcomeState | null, string, number][] = [[null, 'All', change.total], ['refused', 'Not changed', change.refused], ['changed', 'Changed', change.changed], ...over ? [['cancelled', 'Not reached', waiting] as [OutcomeState, string, number]] : []];
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className="breaks">{inWords(change)}: {number(change.total)} {change.total === 1 ? 'lead' : 'leads'}</h1>
        <Group gap="xs">
          {mine && (change.state === 'running' || change.state === 'queued') && !change.cancelRequested && <Button variant="default" disabled={change.pauseRequested} loading={act.isPending} onClick={() => act.mutate('pause')}>{change.pauseRequested ? 'Pausing…' : 'Pause'}</Button>}
          {mine && change.state === 'paused' && <Button loading={act.isPending} onClick={() => act.mutate('resume')}>Resume</Button>}
          {mine && !over && <Button variant="default" disabled={change.cancelRequested} loading={act.isPending} onClick={() => act.mutate('cancel')}>{change.cancelRequested ? 'Stopping…' : 'Stop'}</Button>}
          {mine && over && change.action === 'delete' && change.changed > 0 && me.may('leads.delete') && <Button variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>Bring these {number(change.changed)} back</Button>}
          {me.may('data.export') && over && <Button variant="default" component="a" href={`/api/leads/bulk-changes/${change.id}/leads?format=csv`} download="outcomes.csv">Download the outcomes</Button>}
        </Group>
      </div>
      <p className="muted small">Asked for by {change.createdByName} <When at={change.createdAt} />{change.finishedAt && <> · ended <When at={change.finishedAt} /></>}{change.perSecond > 0 && !over && ` · ${change.perSecond} a second`}</p>
      {change.reason && <p className="breaks">{change.reason}{change.followUpOn && <span className="muted"> · to be looked at again on {day(change.followUpOn)}</span>}</p>}
      <Progress.Root size={10} mt="md" role="group" aria-label="Progress">
        {figures.slice(0, 2).map(([label, value, tone]) => value > 0 && <Progress.Section key={label} value={100 * value / Math.max(1, change.total)} color={`var(--lc-${tone})`} aria-label={`${number(value)} ${label}`} />)}
      </Progress.Root>
      <p className={classes.figures} role="status" aria-live="polite"><b>{titles[change.state]}</b>{figures.filter(([, value]) => value > 0).map(([label, value]) => <span key={label}><b>{number(value)}</b> {label}</span>)}</p>
      {!over && <p className="muted small">You can leave this page; it goes on. What is changed stays changed when you stop it.</p>}
      {change.problem && <Alert color="red" mt="sm" title="It could not go on.">{change.problem}</Alert>}
      <section aria-label="Outcomes" className={classes.outcomes}>
        <div className={classes.kinds} role="group" aria-label="Show">{kinds.filter(([kind, , count]) => kind === null || kind === state || count > 0).map(([kind, label, count]) => <Button key={label} variant={state === kind ? 'light' : 'subtle'} color={state === kind ? undefined : 'gray'} aria-pressed={state === kind} onClick={() => setState(kind)}>{label} {number(count)}</Button>)}</div>
        <ChangeOutcomes id={change.id} state={state} live={!over} />
      </section>
    </div>
  );
}
