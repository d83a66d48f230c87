import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { usePage } from '@/app/page';
import { LogInRow } from '@/features/activities/LogInRow';
import { One } from '@/features/activities/MyTasks';
import tasks from '@/features/activities/MyTasks.module.css';
import { useMyTasks } from '@/features/activities/queries';
import { CountChart } from '@/features/charts/CountChart';
import { LeadStatus } from '@/features/leads/LeadStatus';
import { nameOf } from '@/features/leads/queries';
import { useMe } from '@/features/session/session';
import { rememberList } from '@/shared/list/walk';
import { Failed, Loading } from '@/shared/States';
import { count } from '@/shared/time';
import { reasonOf, useCallNext } from './callNext';
import classes from './Home.module.css';

/** What waits for one today: overdue, due, and whom to call next; each is done where it stands. Figures beside it. */
export function Home() {
  usePage('Home');
  const me = useMe();
  const mine = useMyTasks();
  const items = mine.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = mine.data?.pages[0]?.counts;
  const buckets = [['overdue', 'Overdue'], ['today', 'Today']] as const;

  return (
    <div className={classes.page}>
      <div className={classes.list}>
        <h1>{greeting()}, {me.name.split(' ')[0]}</h1>
        {me.may('activities.read') && (mine.isPending ? <Loading lines={4} label="Loading tasks" />
          : mine.isError ? <Failed what="Your tasks could not be loaded." error={mine.error} retry={() => void mine.refetch()} />
          : (
            <>
              {buckets.filter(([bucket]) => counts![bucket] > 0).map(([bucket, label]) => (
                <section key={bucket} aria-label={label}>
                  <h2 className={tasks.heading} data-bucket={bucket}>{label} <span className="muted">{count(counts![bucket])}</span></h2>
                  <ul className={tasks.list}>{items.filter((task) => task.bucket === bucket).map((task) => <One key={task.id} task={task} />)}</ul>
                </section>
              ))}
              {counts!.overdue + counts!.today === 0 && <p className={`muted ${classes.nothing}`}>No task is due today. {counts!.upcoming > 0 && <Link to="/tasks">{count(counts!.upcoming)} later</Link>}</p>}
            </>
          ))}
        {me.may('leads.read') && <CallNext hidden={me.may('activities.read') && mine.isPending} />}
      </div>
      {me.may('leads.read') && <div className={classes.charts}><CountChart title="My open leads by status" by="status" view="myOpen" usual={4} /><CountChart title="Current leads by source" by="source" view="current" most={6} /><CountChart title="Leads by month of creation" by="month" view="all" /><Link className="small" to="/charts">All charts</Link></div>}
    </div>
  );
}

/** Whom to call next; not before it is known what stands above it, so that nothing moves while one reads. */
function CallNext({ hidden }: { hidden: boolean }) {
  const next = useCallNext();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  const [spoken, setSpoken] = useState<ReadonlySet<string>>(new Set());   // the list learns of a call a moment later
  const me = useMe();
  const rows = (next.data ?? []).filter(({ lead }) => !spoken.has(lead.id));

  // The record's page goes on through these, forth and back.
  useEffect(() => { if (next.data?.length) rememberList('/', 'Call next', next.data.map(({ lead }) => lead)); }, [next.data]);

  if (hidden) return null;
  return (
    <section aria-label="Call next">
      <h2 className={tasks.heading}>Call next {rows.length > 0 && <Button variant="default" size="compact-xs" className={classes.work} onClick={() => void navigate(`/leads/${rows[0]!.lead.id}`)}>Work through</Button>}</h2>
      {next.isPending ? <Loading lines={5} label="Loading whom to call" />
        : next.isError ? <Failed what="Whom to call could not be loaded." error={next.error} retry={() => void next.refetch()} />
        : rows.length === 0 ? <p className={`muted ${classes.nothing}`}>Everybody of yours was answered and spoken to lately, or has something planned for later. <Link to="/leads/my-open">My open leads</Link></p>
        : (
          <ul className={tasks.list}>
            {rows.map((item) => [item.lead, reasonOf(item)] as const).map(([row, reason]) => (
              <li key={row.id} className={classes.one}>
                <span className={classes.who}><span className={classes.name}><Link className="breaks" to={`/leads/${row.id}`}>{nameOf(row)}</Link><LeadStatus name={row.status} category={row.statusCategory} />{!!row.score && <span className="small">Score {row.score}</span>}</span><span className="muted small breaks">{row.company && <>{row.company} · </>}<span className={reason.late ? classes.late : undefined}>{reason.text}</span></span></span>
                {(row.phone ?? row.mobile) && <a className={classes.phone} href={`tel:${row.phone ?? row.mobile}`}>{row.phone ?? row.mobile}</a>}
                {me.may('activities.create') && <Button variant="default" aria-expanded={open === row.id} aria-label={`Log a call with ${nameOf(row)}`} onClick={() => setOpen(open === row.id ? null : row.id)}>Log</Button>}
                {open === row.id && <LogInRow type="lead" id={row.id} name={nameOf(row)} onDone={() => { setOpen(null); setSpoken(new Set(spoken).add(row.id)); void cache.invalidateQueries({ queryKey: ['leads', 'list', 'call-next'] }); }} />}
              </li>
            ))}
          </ul>
        )}
    </section>
  );
}

function greeting() {
  const hour = new Date().getHours();
  return hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening';
}
