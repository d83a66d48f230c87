import { Button, Progress } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Problem } from '@/api/problem';
import { Heading, Part } from '@/shared/form/FormPage';
import classes from '@/shared/form/FormPage.module.css';
import { tellFailure } from '@/shared/notices';
import { number } from '@/shared/time';
import { cancel, importChanged, type Import } from './queries';

/** An import or its trial while it runs. */
export function Running({ import: one }: { import: Import }) {
  const trial = one.plan?.dryRun ?? false;
  const stop = useMutation({ mutationFn: () => cancel(one.id), onSuccess: importChanged, onError: (error) => tellFailure(Problem.of(error).message) });
  const what = one.state === 'queued' ? 'waits for its turn' : one.phase === 'checking' ? 'is being checked' : 'is being imported';
  return (
    <div className={classes.body}>
      <Heading title={one.fileName} subtitle={trial ? 'A trial: nothing is written.' : 'You can leave this page; it goes on.'} />
      <Part title="Progress">
        <p role="status">{`${one.fileName} ${what}. ${number(one.rowsRead)} rows read, ${number(one.rowsCreated)} ${trial || one.phase === 'checking' ? 'would become leads' : 'became leads'}, ${number(one.rowsFailed)} with errors.`}</p>
        <Progress value={one.percent} aria-label="How far it is" size="lg" />
        <div className={classes.actions}>
          <Button variant="default" loading={stop.isPending || one.cancelRequested} onClick={() => stop.mutate()}>Stop</Button>
          {!trial && one.phase === 'writing' && !one.plan?.allOrNothing && <span className="muted small">Leads that it has made so far stay.</span>}
        </div>
      </Part>
    </div>
  );
}
