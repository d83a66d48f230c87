import { Alert, Button, Group, Progress } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, body, newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { leadQuery, nameOf } from '@/features/leads/queries';
import { useMe } from '@/features/session/session';
import { tellFailure } from '@/shared/notices';
import { Failed, Loading, NoRecord } from '@/shared/States';
import { number } from '@/shared/time';
import { When } from '@/shared/When';
import classes from './Bulk.module.css';
import { control, isOver, jobQuery, outcomesChanged, start, type Job, type LeadState, type Outcome } from './bulkConversions';

const states: Record<LeadState, string> = { waiting: 'Waiting', converting: 'Under way', converted: 'Converted', convertible: 'Could be converted', skipped: 'Left alone', failed: 'Not converted', cancelled: 'Stopped before its turn' };
const titles: Record<Job['state'], string> = { queued: 'Waiting to begin', running: 'Under way', paused: 'Paused', completed: 'Finished', cancelled: 'Stopped', failed: 'Could not go on' };

/** Many leads on their way: how far it is, what can be done about it, and what became of each. */
export function BulkConversionPage() {
  const { id = '' } = useParams();
  const job = useQuery(jobQuery(id));
  usePage('Bulk conversion', { label: 'Leads', to: '/leads' }, { label: 'Bulk conversions', to: '/leads/bulk-conversions' });
  if (job.isPending) return <Loading lines={6} label="Loading the bulk conversion" />;
  if (job.isError) return <NoRecord what="bulk conversion" query={job} onward={{ label: 'Show the bulk conversions', to: '/leads/bulk-conversions' }} />;
  return <Whole key={id} job={job.data} />;
}

function Whole({ job }: { job: Job }) {
  const me = useMe();
  const navigate = useNavigate();
  const over = isOver(job);
  const mine = job.createdById === me.id;
  const act = useMutation({ mutationFn: (what: keyof typeof control) => control[what](job.id), onSuccess: (now) => { queries.setQueryData(jobQuery(job.id).queryKey, now); }, onError: (error) => tellFailure(Problem.of(error).message) });

  // Comes as it happens, over interruptions; a page that is opened later goes on where it is by then. Paused work says when it goes on.
  useEffect(() => {
    if (over) return;
    const source = new EventSource(`/api/leads/bulk-conversions/${job.id}/progress`);
    source.addEventListener('progress', ({ data }: MessageEvent<string>) => {
      const now = JSON.parse(data) as Job;
      queries.setQueryData(jobQuery(job.id).queryKey, now);
      if (!isOver(now)) return;
      source.close();
      void outcomesChanged(job.id);
    });
    return () => source.close();
  }, [job.id, over]);

  const again = useMutation({
    mutationFn: async () => {
      const leadIds: string[] = [];
      let after: string | null = null;
      do {
        const query = new URLSearchParams({ limit: '200', state: 'convertible', ...(after ? { after } : {}) });
        const page: { items: Outcome[]; next: string } = await body(api.leads.GET('/api/leads/bulk-conversions/{id}/leads', { params: { path: { id: job.id }, query: {} }, querySerializer: () => query.toString() }));
        leadIds.push(...page.items.map((one) => one.leadId));
        after = page.next || null;
      } while (after);
      return start({ leadIds, defaults: job.defaults, onDuplicate: job.onDuplicate, dryRun: false }, newKey());
    },
    onSuccess: (begun) => void navigate(`/leads/bulk-conversions/${begun.id}`),
    onError: (error) => tellFailure(Problem.of(error).message),
  });

  const waiting = job.total - job.converted - job.failed - job.skipped;
  const figures = [[job.dryRun ? 'could be converted' : 'converted', job.converted, 'good'], ['not converted', job.failed, 'bad'], ['left alone', job.skipped, 'warning'], [job.state === 'cancelled' ? 'not reached' : 'to come', waiting, 'none']] as const;
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1>{job.dryRun ? 'Trial: ' : ''}Convert {number(job.total)} {job.total === 1 ? 'lead' : 'leads'}</h1>
        <Group gap="xs">
          {mine && (job.state === 'running' || job.state === 'queued') && !job.cancelRequested && <Button variant="default" disabled={job.pauseRequested} loading={act.isPending} onClick={() => act.mutate('pause')}>{job.pauseRequested ? 'Pausing…' : 'Pause'}</Button>}
          {mine && job.state === 'paused' && <Button loading={act.isPending} onClick={() => act.mutate('resume')}>Resume</Button>}
          {mine && !over && <Button variant="default" disabled={job.cancelRequested} loading={act.isPending} onClick={() => act.mutate('cancel')}>{job.cancelRequested ? 'Stopping…' : 'Stop'}</Button>}
          {over && job.dryRun && mine && job.converted > 0 && <Button loading={again.isPending} onClick={() => again.mutate()}>Convert these {number(job.converted)}</Button>}
          {me.may('data.export') && over && <Button variant="default" component="a" href={`/api/leads/bulk-conversions/${job.id}/leads?format=csv`} download="outcomes.csv">Download the outcomes</Button>}
        </Group>
      </div>
      <p className="muted small">{job.ruleName ? `By the rule “${job.ruleName}”` : `Asked for by ${job.createdByName}`} <When at={job.createdAt} />{job.finishedAt && <> · ended <When at={job.finishedAt} /></>}{job.perSecond > 0 && !over && ` · ${job.perSecond} a second`}</p>
      <Progress.Root size={10} mt="md" role="group" aria-label="Progress">
        {figures.slice(0, 3).map(([label, value, tone]) => value > 0 && <Progress.Section key={label} value={100 * value / Math.max(1, job.total)} color={`var(--lc-${tone})`} aria-label={`${number(value)} ${label}`} />)}
      </Progress.Root>
      <p className={classes.figures} role="status" aria-live="polite"><b>{titles[job.state]}</b>{figures.filter(([, value]) => value > 0).map(([label, value]) => <span key={label}><b>{number(value)}</b> {label}</span>)}</p>
      {!over && <p className="muted small">You can leave this page; it goes on. What is converted stays converted when you stop it.</p>}
      {job.problem && <Alert color="red" mt="sm" title="It could not go on.">{job.problem}</Alert>}
      {job.dryRun && over && <Alert color="blue" mt="sm">This was a trial: nothing was changed.</Alert>}
      <Outcomes job={job} />
    </div>
  );
}

function Outcomes({ job }: { job: Job }) {
  const [state, setState] = useState<LeadState | null>(job.failed > 0 ? 'failed' : null);
  const list = useInfiniteQuery({
    queryKey: ['bulk-conversions', job.id, 'leads', state],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ limit: '25', ...(state ? { state } : {}), ...(pageParam ? { after: pageParam } : {}) });
      return body(api.leads.GET('/api/leads/bulk-conversions/{id}/leads', { params: { path: { id: job.id }, query: {} }, querySerializer: () => query.toString() }));
    },
    initialPageParam: '', getNextPageParam: (page) => page.next || null, refetchInterval: isOver(job) ? false : 2_000,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const kinds: [LeadState | null, string, number][] = [[null, 'All', job.total], ['failed', 'Not converted', job.failed], ['skipped', 'Left alone', job.skipped], [job.dryRun ? 'convertible' : 'converted', job.dryRun ? 'Could be' : 'Converted', job.converted]];
  return (
    <section aria-label="Outcomes" className={classes.outcomes}>
      <div className={classes.kinds} role="group" aria-label="Show">{kinds.filter(([kind, , count]) => kind === null || kind === state || count > 0).map(([kind, label, count]) => <Button key={label} variant={state === kind ? 'light' : 'subtle'} color={state === kind ? undefined : 'gray'} aria-pressed={state === kind} onClick={() => setState(kind)}>{label} {number(count)}</Button>)}</div>
      {list.isPending ? <Loading lines={5} /> : list.isError ? <Failed what="The outcomes could not be loaded." error={list.error} retry={() => void list.refetch()} />
        : rows.length === 0 ? <p className="muted">None so far.</p>
        : <ul className={classes.list}>{rows.map((row) => <One key={row.leadId} row={row} />)}</ul>}
      {list.hasNextPage && <Button variant="subtle" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show more</Button>}
    </section>
  );
}

function One({ row }: { row: Outcome }) {
  const lead = useQuery({ ...leadQuery(row.leadId), staleTime: 60_000, retry: false });
  const details = Object.entries(row.problem?.errors ?? {}).flatMap(([field, texts]) => `${field}: ${(texts as string[]).join(' ')}`);
  return (
    <li className={classes.one}>
      <span className="breaks"><Link to={`/leads/${row.leadId}`}>{lead.data ? nameOf(lead.data) : lead.isError ? 'A lead that you may not see' : '…'}</Link> <span className="muted small">{lead.data?.company}</span></span>
      <span data-state={row.state} className={classes.state}>{states[row.state]}</span>
      {(row.problem || row.accountId) && (
        <span className={`small muted breaks ${classes.more}`}>
          {row.problem && [row.problem.detail, ...details].filter(Boolean).join(' ')}
          {!!row.problem?.candidates?.length && <> Found: {row.problem.candidates.map((one) => `${one.name} (${one.score})`).join(', ')}. <Link to={`/leads/${row.leadId}/convert`}>Decide and convert</Link></>}
          {row.accountId && <><Link to={`/accounts/${row.accountId}`}>Account</Link>{row.contactId && <> · <Link to={`/contacts/${row.contactId}`}>Contact</Link></>}{row.opportunityId && <> · <Link to={`/opportunities/${row.opportunityId}`}>Opportunity</Link></>}</>}
        </span>
      )}
    </li>
  );
}
