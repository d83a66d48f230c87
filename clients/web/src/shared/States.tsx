import { Button, Skeleton } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { Problem } from '@/api/problem';
import classes from './States.module.css';

/** One sentence on what would be here, and what makes it so. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return <div className={classes.state} data-asks={action ? '' : undefined}><p>{children}</p>{action}</div>;
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
    <div className={classes.loading} role="status" aria-label={label}>
      {shown && Array.from({ length: lines }, (_, i) => <Skeleton key={i} height={14} mb={14} width={`${90 - (i * 13) % 50}%`} />)}
    </div>
  );
}
