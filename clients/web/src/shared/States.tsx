import { Button, Skeleton } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { Problem } from '@/api/problem';
import classes from './States.module.css';

/** One sentence on what would be here, and what makes it so. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return <div className={classes.state} data-asks={action ? '' : undefined}><p>{children}</p>{action}</div>;
}

/** Something that is not there: no trying again helps, but there is a place to go on from. */
export function Gone({ what, why, onward }: { what: string; why: string; onward: { label: string; to: string } }) {
  return (
    <div className={classes.state} role="alert">
      <p><b>{what}</b></p>
      <p className="muted breaks">{why}</p>
      <Button component={Link} to={onward.to} variant="default">{onward.label}</Button>
    </div>
  );
}

/** The page of a record without its record: it is not there, or it could not be loaded. */
export function NoRecord({ what, query, onward }: { what: string; query: { error: unknown; refetch: () => unknown }; onward: { label: string; to: string } }) {
  return Problem.of(query.error).status === 404
    ? <Gone what={`This ${what} is not here.`} why="It was deleted, or you may not see it." onward={onward} />
    : <Failed what={`The ${what} could not be loaded.`} error={query.error} retry={() => void query.refetch()} />;
}

/** What failed, what is safe, what to do. */
export function Failed({ what, error, retry }: { what: string; error: unknown; retry?: () => void }) {
  const problem = Problem.of(error);
  return (
    <div className={classes.state} role="alert">
      <p><b>{what}</b></p>
      <p className="muted breaks">{problem.message}</p>
      <div className={classes.actions}>
        {retry && <Button variant="default" onClick={retry}>Try again</Button>}
        {problem.traceId && <TraceId id={problem.traceId} />}
      </div>
    </div>
  );
}

export function TraceId({ id }: { id: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button variant="subtle" color="gray" onClick={() => navigator.clipboard.writeText(id).then(() => setCopied(true))} aria-live="polite">
      {copied ? 'Copied' : `Copy trace id ${id.slice(0, 8)}…`}
    </Button>
  );
}

/** Grey lines, but only when it takes longer than one notices. */
export function Loading({ lines = 6, label = 'Loading' }: { lines?: number; label?: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={classes.loading} role="status" aria-label={label} data-loading>
      {shown && Array.from({ length: lines }, (_, i) => <Skeleton key={i} height={14} mb={14} width={`${90 - (i * 13) % 50}%`} />)}
    </div>
  );
}
